/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of capprobe-client share: replies, payloads, the question. */
#include "run/libvirt/client-parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "base/clock.h"

/* How many answers of readers get a number. */
#define TEXTS_MAX 64

static struct {
    pthread_mutex_t mutex; /* of all here, and of the socket when replies are sent */
    char *texts[TEXTS_MAX];
    guint32 n;
} sent = { .mutex = PTHREAD_MUTEX_INITIALIZER };

gboolean
cp_client_transfer(ssize_t (*call)(int, void *, size_t), void *data, gsize length)
{
    for (gsize done = 0; done < length;) {
        ssize_t n = call(CP_CLIENT_FD, (char *)data + done, length - done);
        if (n <= 0)
            return FALSE;
        done += n;
    }
    return TRUE;
}

static ssize_t
write_bytes(int fd, void *data, size_t length)
{
    return write(fd, data, length);
}

CpCpuTime
cp_client_cpu_time_since(int who, CpCpuTime before)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (CpCpuTime){ cp_duration_of_timeval(usage.ru_utime) - before.user_ns,
                        cp_duration_of_timeval(usage.ru_stime) - before.system_ns };
}

/* Returns the number of a reader's answer; `*first` tells whether it is the first time. Holds the mutex. */
static guint32
number_of(const char *answer, gboolean *first)
{
    guint32 i = 0;
    while (i < sent.n && strcmp(sent.texts[i], answer) != 0)
        i++;
    *first = i == sent.n;
    if (*first && (i == TEXTS_MAX || !(sent.texts[i] = strdup(answer))))
        return 0;
    sent.n += *first;
    return i + 1;
}

gboolean
cp_client_reply(CpReply *reply, const char *answer)
{
    virErrorPtr error = answer ? NULL : virGetLastError();
    const char *message = error && error->message ? error->message : "libvirt failed, but gave no error";
    const char *text = answer ? answer : message;
    gboolean whole = TRUE;
    reply->failed = !answer;
    reply->domain = error ? error->domain : 0;
    reply->code = error ? error->code : 0;

    pthread_mutex_lock(&sent.mutex);
    reply->text = reply->planned_ns && answer ? number_of(answer, &whole) : 0;
    reply->length = whole ? strlen(text) : 0;
    gboolean done = cp_client_transfer(write_bytes, reply, sizeof(*reply)) &&
                    cp_client_transfer(write_bytes, (void *)text, reply->length);
    pthread_mutex_unlock(&sent.mutex);
    return done;
}

const char *
cp_client_string(const char **at)
{
    const char *string = *at;
    *at += strlen(string) + 1;
    return *string ? string : NULL;
}

/* strtoul() would be another function in newer C libraries, which older ones do not have. */
guint64
cp_client_number(const char *digits)
{
    guint64 number = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++)
        number = number * 10 + (*digits - '0');
    return number;
}

char *
cp_client_domain_capabilities(virConnectPtr connection, const char *payload)
{
    const char *emulator = cp_client_string(&payload);
    const char *arch = cp_client_string(&payload);
    const char *machine = cp_client_string(&payload);
    const char *virttype = cp_client_string(&payload);
    const char *flags = cp_client_string(&payload);
    return virConnectGetDomainCapabilities(connection, emulator, arch, machine, virttype,
                                           flags ? (unsigned int)cp_client_number(flags) : 0);
}
