/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capprobe-client: the only program that is linked with libvirt. Runs as the client. It is linked with nothing else but
 * libc, since it must run with the libraries of any tree: of GLib it uses only names of types.
 *
 *   capprobe-client             answers the requests at CP_CLIENT_FD, see client-protocol.h
 *   capprobe-client --describe  prints libvirt's version number and the path of the loaded library
 */
#include "run/libvirt/client-protocol.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "base/affinity.h"
#include "base/clock.h"
#include "base/process-end.h"

static gboolean
transfer(ssize_t (*call)(int, void *, size_t), void *data, gsize length)
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

/* The CPU time so far of `who`, as in getrusage(), less that of `before`. */
static CpCpuTime
cpu_time_since(int who, CpCpuTime before)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (CpCpuTime){ cp_duration_of_timeval(usage.ru_utime) - before.user_ns,
                        cp_duration_of_timeval(usage.ru_stime) - before.system_ns };
}

/* Sends the reply, whose payload is `answer` or, if that is NULL, libvirt's last error. */
static gboolean
send_reply(CpReply *reply, const char *answer)
{
    virErrorPtr error = answer ? NULL : virGetLastError();
    const char *message = error && error->message ? error->message : "libvirt failed, but gave no error";
    const char *text = answer ? answer : message;
    reply->failed = !answer;
    reply->domain = error ? error->domain : 0;
    reply->code = error ? error->code : 0;
    reply->length = strlen(text);
    return transfer(write_bytes, reply, sizeof(*reply)) && transfer(write_bytes, (void *)text, reply->length);
}

/* Returns the next string of a payload, or NULL if that string is empty. */
static const char *
next_string(const char **at)
{
    const char *string = *at;
    *at += strlen(string) + 1;
    return *string ? string : NULL;
}

/* Reads a number. strtoul() would be another function in newer C libraries, which older ones do not have. */
static guint64
read_number(const char *digits)
{
    guint64 number = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++)
        number = number * 10 + (*digits - '0');
    return number;
}

static char *
domain_capabilities(virConnectPtr connection, const char *payload)
{
    const char *emulator = next_string(&payload);
    const char *arch = next_string(&payload);
    const char *machine = next_string(&payload);
    const char *virttype = next_string(&payload);
    const char *flags = next_string(&payload);
    return virConnectGetDomainCapabilities(connection, emulator, arch, machine, virttype,
                                           flags ? (unsigned int)read_number(flags) : 0);
}

/* The version of the libvirt at the other end, which is a daemon's own. */
static char *
version(virConnectPtr connection)
{
    unsigned long number;
    char digits[32];
    if (virConnectGetLibVersion(connection, &number) < 0)
        return NULL;
    snprintf(digits, sizeof(digits), "%lu", number);
    return strdup(digits);
}

/* libvirt reads the CPUID of the CPU on which it happens to be opened, and distrusts a cache that was made on another
 * (corpus/bugs/cpuid-of-one-cpu). On a fixed CPU a scenario always has the same outcome. */
static virConnectPtr
open_connection(const char *payload)
{
    guint64 n = read_number(payload);
    const char *uri = payload + strlen(payload) + 1;
    cpu_set_t all;

    if (sched_getaffinity(0, sizeof(all), &all) < 0)
        return virConnectOpen(uri);
    cp_affinity_choose(&all, n);
    virConnectPtr connection = virConnectOpen(uri);
    sched_setaffinity(0, sizeof(all), &all);
    return connection;
}

static void *
run_event_loop(void *unused G_GNUC_UNUSED)
{
    while (virEventRunDefaultImpl() == 0)
        ;
    return NULL;
}

static void
ignore_error(void *unused G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

static int
serve(void)
{
    virConnectPtr connection = NULL;
    CpRequest request;
    pthread_t events;

    virSetErrorFunc(NULL, ignore_error);
    virEventRegisterDefaultImpl();
    if (pthread_create(&events, NULL, run_event_loop, NULL) != 0)
        return 1;

    while (transfer(read, &request, sizeof(request))) {
        /* With five NULs after the payload, five calls of next_string() never read beyond it. */
        char *payload = calloc(1, request.length + 5);
        if (!payload || !transfer(read, payload, request.length))
            break;

        CpCpuTime own = cpu_time_since(RUSAGE_SELF, (CpCpuTime){ 0 });
        CpCpuTime children = cpu_time_since(RUSAGE_CHILDREN, (CpCpuTime){ 0 });
        CpReply reply = { .call_ns = cp_now_ns() };
        char *answer = NULL;
        switch ((CpRequestVerb)request.verb) {
        case CP_REQUEST_OPEN:
            connection = open_connection(payload);
            answer = connection ? strdup("") : NULL;
            break;
        case CP_REQUEST_READ:
            answer = domain_capabilities(connection, payload);
            break;
        case CP_REQUEST_CAPABILITIES:
            answer = virConnectGetCapabilities(connection);
            break;
        case CP_REQUEST_VERSION:
            answer = version(connection);
            break;
        case CP_REQUEST_CLOSE:
            answer = virConnectClose(connection) >= 0 ? strdup("") : NULL;
            break;
        }
        reply.return_ns = cp_now_ns();
        reply.own = cpu_time_since(RUSAGE_SELF, own);
        reply.children = cpu_time_since(RUSAGE_CHILDREN, children);
        gboolean sent = send_reply(&reply, answer);
        free(answer);
        free(payload);
        if (!sent || request.verb == CP_REQUEST_CLOSE)
            break;
    }
    /* exit() would run destructors while libvirt's threads are still there. */
    cp_process_end(0);
}

static int
describe(void)
{
    unsigned long version = 0;
    Dl_info info;

    if (virGetVersion(&version, NULL, NULL) < 0 || !dladdr((void *)virGetVersion, &info))
        return 1;
    char *path = realpath(info.dli_fname, NULL);
    printf("%lu %s\n", version, path ? path : info.dli_fname);
    free(path);
    return 0;
}

int
main(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], "--describe") == 0 ? describe() : serve();
}
