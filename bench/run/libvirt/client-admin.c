/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a daemon says of itself through libvirt's interface for administrators, whose library not every tree has. */
/*
 * That library and libvirt's own register classes of the same names: a process that has used one of them dies as soon as it uses the
 * other. So a client that is asked for this is asked for nothing else.
 */
#include "run/libvirt/client-parts.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt-admin.h>

#define LIBRARY "libvirt-admin.so.0"
#define TEXT_MAX 1024

/* The functions of the library that are used. */
#define FUNCTIONS(F)                                                                                                   \
    F(virAdmConnectOpen)                                                                                               \
    F(virAdmConnectClose)                                                                                              \
    F(virAdmConnectLookupServer)                                                                                       \
    F(virAdmServerFree)                                                                                                \
    F(virAdmServerListClients)                                                                                         \
    F(virAdmClientFree)                                                                                                \
    F(virAdmServerGetClientLimits)                                                                                     \
    F(virAdmServerGetThreadPoolParameters)

static struct {
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} library;

static gboolean
load(void)
{
    void *handle = dlopen(LIBRARY, RTLD_NOW);
    gboolean found = handle != NULL;
#define FIND(name) found = found && (library.name = (__typeof__(name) *)dlsym(handle, #name));
    FUNCTIONS(FIND)
#undef FIND
    return found;
}

/* What is told of the daemon, by the names of libvirt's parameters. */
static const struct {
    const char *name, *parameter;
    gboolean of_workers; /* else of clients */
} figures[] = {
    { "clients_max", VIR_SERVER_CLIENTS_MAX, FALSE },    { "workers", VIR_THREADPOOL_WORKERS_CURRENT, TRUE },
    { "workers_max", VIR_THREADPOOL_WORKERS_MAX, TRUE }, { "workers_free", VIR_THREADPOOL_WORKERS_FREE, TRUE },
    { "jobs", VIR_THREADPOOL_JOB_QUEUE_DEPTH, TRUE },
};

/* Appends a member to a JSON object; `text` has space for TEXT_MAX bytes. */
static void
append(char *text, const char *name, unsigned int number)
{
    size_t length = strlen(text);
    snprintf(text + length, TEXT_MAX - length, "%s\"%s\":%u", length > 1 ? "," : "", name, number);
}

static void
append_parameters(char *text, virTypedParameterPtr parameters, int n, gboolean of_workers)
{
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        unsigned int number;
        if (figures[i].of_workers == of_workers &&
            virTypedParamsGetUInt(parameters, n, figures[i].parameter, &number) > 0)
            append(text, figures[i].name, number);
    }
}

/* Returns the number of clients that are connected, or -1. */
static int
count_clients(virAdmServerPtr server)
{
    virAdmClientPtr *clients = NULL;
    int n = library.virAdmServerListClients(server, &clients, 0);
    for (int i = 0; i < n; i++)
        library.virAdmClientFree(clients[i]);
    free(clients);
    return n;
}

static void
describe(virAdmServerPtr server, char *text)
{
    virTypedParameterPtr parameters = NULL;
    int n = 0, clients = count_clients(server);
    if (clients >= 0)
        append(text, "clients", clients);
    if (library.virAdmServerGetClientLimits(server, &parameters, &n, 0) >= 0)
        append_parameters(text, parameters, n, FALSE);
    virTypedParamsFree(parameters, n);
    parameters = NULL;
    n = 0;
    if (library.virAdmServerGetThreadPoolParameters(server, &parameters, &n, 0) >= 0)
        append_parameters(text, parameters, n, TRUE);
    virTypedParamsFree(parameters, n);
}

char *
cp_client_admin(const char *uri, const char *name)
{
    char *text = calloc(1, TEXT_MAX + 2);
    if (!text || !*uri || !load())
        return text;
    virAdmConnectPtr connection = library.virAdmConnectOpen(uri, 0);
    virAdmServerPtr server = connection ? library.virAdmConnectLookupServer(connection, name, 0) : NULL;
    if (server) {
        text[0] = '{';
        describe(server, text);
        strcat(text, "}");
        library.virAdmServerFree(server);
    }
    if (connection)
        library.virAdmConnectClose(connection);
    return text;
}
