/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers of capprobe-client: threads that read at planned times, beside each other. */
#include "run/libvirt/client-parts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"

typedef struct {
    pthread_t thread;
    virConnectPtr connection;
    guint32 number; /* from 1 */
    gint64 next_ns; /* when it begins its next read */
    const char *question;
} Reader;

static struct {
    char *payload; /* a copy, for the questions */
    Reader *all;   /* NULL if there are none */
    guint32 n;
    gint64 period_ns;
    CpCpuTime own, children; /* of before */

    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t over;
    gint64 end_ns; /* what is planned from then on is not begun */
    gint64 reads;
} readers = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* Waits for the time of the next read. Returns FALSE if no read is to follow. */
static gboolean
await_next(const Reader *reader)
{
    struct timespec until = { reader->next_ns / 1000000000, reader->next_ns % 1000000000 };
    pthread_mutex_lock(&readers.mutex);
    while (reader->next_ns < readers.end_ns && cp_now_ns() < reader->next_ns)
        pthread_cond_timedwait(&readers.over, &readers.mutex, &until);
    gboolean more = reader->next_ns < readers.end_ns;
    readers.reads += more;
    pthread_mutex_unlock(&readers.mutex);
    return more;
}

static void *
run_reader(void *data)
{
    Reader *reader = data;
    for (; await_next(reader); reader->next_ns += readers.period_ns) {
        CpReply reply = { .reader = reader->number, .planned_ns = reader->next_ns, .call_ns = cp_now_ns() };
        char *answer = cp_client_domain_capabilities(reader->connection, reader->question);
        reply.return_ns = cp_now_ns();
        gboolean sent = cp_client_reply(&reply, answer);
        free(answer);
        if (!sent)
            break;
    }
    return NULL;
}

/* Connects a reader, and tells so. One is connected after the other: libvirt's embedded driver does not like to be opened
 * several times at once. */
static gboolean
connect_reader(Reader *reader, const char *uri)
{
    CpReply reply = { .reader = reader->number, .call_ns = cp_now_ns() };
    reader->connection = virConnectOpen(uri);
    reply.return_ns = cp_now_ns();
    return reader->connection && cp_client_reply(&reply, "");
}

static void
disconnect(void)
{
    for (guint32 i = 0; i < readers.n && readers.all[i].connection; i++)
        virConnectClose(readers.all[i].connection);
    free(readers.all);
    free(readers.payload);
    readers.all = NULL;
}

/* Copies the payload, and makes the readers that it asks for, which are not connected yet. */
static gboolean
make_readers(const char *payload, const char **uri)
{
    const char *at = payload;
    for (int i = 0; i < 3 + 2 * 5; i++)
        cp_client_string(&at);
    readers.payload = malloc(at - payload);
    if (!readers.payload)
        return FALSE;
    memcpy(readers.payload, payload, at - payload);

    at = readers.payload;
    *uri = cp_client_string(&at);
    const char *n = cp_client_string(&at), *period_ns = cp_client_string(&at), *question = at;
    for (int i = 0; i < 5; i++)
        cp_client_string(&at);
    guint32 n_same = n ? cp_client_number(n) : 0;
    readers.n = n_same + (*at != '\0');
    readers.period_ns = period_ns ? cp_client_number(period_ns) : 0;
    readers.all = calloc(readers.n, sizeof(Reader));
    for (guint32 i = 0; readers.all && i < readers.n; i++) {
        readers.all[i].number = i + 1;
        readers.all[i].question = i < n_same ? question : at;
    }
    return readers.all && readers.n > 0 && readers.period_ns > 0;
}

gboolean
cp_client_begin_readers(const char *payload)
{
    const char *uri;
    readers.own = cp_client_cpu_time_since(RUSAGE_SELF, (CpCpuTime){ 0 });
    readers.children = cp_client_cpu_time_since(RUSAGE_CHILDREN, (CpCpuTime){ 0 });
    readers.reads = 0;
    readers.end_ns = G_MAXINT64;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&readers.over, &monotonic);

    gboolean done = make_readers(payload, &uri);
    for (guint32 i = 0; done && i < readers.n; i++)
        done = connect_reader(&readers.all[i], uri);
    if (!done)
        disconnect();
    return done;
}

gboolean
cp_client_start_readers(void)
{
    gint64 now_ns = cp_now_ns();
    gboolean done = TRUE;
    for (guint32 i = 0; done && i < readers.n; i++) {
        /* Their times are spread over a period. */
        readers.all[i].next_ns = now_ns + readers.period_ns * i / readers.n;
        done = pthread_create(&readers.all[i].thread, NULL, run_reader, &readers.all[i]) == 0;
    }
    return done;
}

char *
cp_client_end_readers(CpCpuTime *own, CpCpuTime *children)
{
    if (!readers.all)
        return NULL;
    pthread_mutex_lock(&readers.mutex);
    readers.end_ns = cp_now_ns();
    pthread_cond_broadcast(&readers.over);
    pthread_mutex_unlock(&readers.mutex);
    for (guint32 i = 0; i < readers.n; i++)
        pthread_join(readers.all[i].thread, NULL);
    disconnect();
    *own = readers.own;
    *children = readers.children;
    char digits[32];
    snprintf(digits, sizeof(digits), "%lld", (long long)readers.reads);
    return strdup(digits);
}
