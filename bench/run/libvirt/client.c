/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capprobe-client: the only program that is linked with libvirt. Runs as the client. It is linked with nothing else but
 * libc, since it must run with the libraries of any tree: of GLib it uses only names of types.
 *
 *   capprobe-client             answers the requests at CP_CLIENT_FD, see client-protocol.h
 *   capprobe-client --describe  prints libvirt's version number and the path of the loaded library
 */
#include "run/libvirt/client-parts.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "base/affinity.h"
#include "base/clock.h"
#include "base/process-end.h"

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
    guint64 n = cp_client_number(payload);
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

    while (cp_client_transfer(read, &request, sizeof(request))) {
        char *payload = calloc(1, request.length + CP_CLIENT_PAYLOAD_END);
        if (!payload || !cp_client_transfer(read, payload, request.length))
            break;

        CpCpuTime own = cp_client_cpu_time_since(RUSAGE_SELF, (CpCpuTime){ 0 });
        CpCpuTime children = cp_client_cpu_time_since(RUSAGE_CHILDREN, (CpCpuTime){ 0 });
        CpReply reply = { .call_ns = cp_now_ns() };
        char *answer = NULL;
        switch ((CpRequestVerb)request.verb) {
        case CP_REQUEST_OPEN:
            connection = open_connection(payload);
            answer = connection ? strdup("") : NULL;
            break;
        case CP_REQUEST_READ:
            answer = cp_client_domain_capabilities(connection, payload);
            break;
        case CP_REQUEST_CAPABILITIES:
            answer = virConnectGetCapabilities(connection);
            break;
        case CP_REQUEST_VERSION:
            answer = version(connection);
            break;
        case CP_REQUEST_ADMIN:
            answer = cp_client_admin(payload, payload + strlen(payload) + 1);
            break;
        case CP_REQUEST_READERS:
            answer = cp_client_begin_readers(payload) ? strdup("") : NULL;
            break;
        case CP_REQUEST_READERS_START:
            answer = strdup("");
            break;
        case CP_REQUEST_READERS_END:
            answer = cp_client_end_readers(&own, &children);
            break;
        case CP_REQUEST_CLOSE:
            answer = virConnectClose(connection) >= 0 ? strdup("") : NULL;
            break;
        }
        reply.return_ns = cp_now_ns();
        reply.own = cp_client_cpu_time_since(RUSAGE_SELF, own);
        reply.children = cp_client_cpu_time_since(RUSAGE_CHILDREN, children);
        gboolean sent = cp_client_reply(&reply, answer);
        if (sent && request.verb == CP_REQUEST_READERS_START)
            sent = cp_client_start_readers();
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
