/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An asker: a process that asks libvirt, in namespaces of its own within the sandbox. If libvirt crashes or hangs, all
 * processes of its PID namespace are killed, but not the command that is watched. In its mount namespace libvirt's own data,
 * such as the models of CPUs, stay those of the tree. Used by the sandbox's init.
 */
#pragma once

#include "run/event-stream.h"
#include "run/host/host.h"
#include "run/plan.h"

typedef enum {
    CP_ASKER_READS, /* keeps its libvirt and its cache, as a daemon does; answers with a `read` event */
    CP_ASKER_TRUTH /* starts libvirt with an empty cache each time; answers with a `truth` event, without state and pass */
} CpAskerKind;

typedef struct {
    pid_t pid;    /* the init of its PID namespace */
    int requests; /* a socket */
    int events;   /* a pipe */
    CpAskerKind kind;
    const CpPlan *plan;
    const CpConnectionSpec *connection;
    CpHost *host; /* as the asker sees it */
} CpAsker;

/** Starts an asker. Its libvirt has its files in `root`, a folder of its own, and is started as `connection` says. All
 * arguments are borrowed, and must stay until it is ended. */
CpAsker *cp_asker_start(
    CpAskerKind kind, const CpPlan *plan, const CpConnectionSpec *connection, const char *root, GError **error);

/** Ends its libvirt, and starts it again with the same cache, as `connection` says now. What the asker asks after that is that libvirt. */
gboolean cp_asker_restart(CpAsker *asker, GError **error);

/** Ends it, with all that it has started. */
void cp_asker_end(CpAsker *asker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpAsker, cp_asker_end)

/**
 * Asks, and waits for the answer. Returns the events of it, an array of CpEvent that owns them: answers and documents, and as the
 * last a `read` or `truth`. An asker that was killed, perhaps by the command, is started again: what it reads is lost, as if only its
 * libvirt had been killed; a truth is asked for again. CP_ERROR_UNTESTABLE if that happens several times.
 */
GPtrArray *cp_asker_ask(CpAsker *asker, GError **error);
