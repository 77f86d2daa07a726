/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session: the libvirt under test is started, asked and ended, and what its calls take is added up. Runs in the
 * sandbox's init. */
#pragma once

#include <json-glib/json-glib.h>

#include "run/host/host.h"
#include "run/question.h"

typedef struct {
    const CpTarget *target; /* borrowed */
    CpHost *host;           /* borrowed */
    CpReaper *reaper;       /* borrowed */
    CpConnectionSpec spec;  /* whose daemons are the target's */
    GPtrArray *daemons;     /* of CpDaemon */
    gboolean shared;        /* readers of the client read meanwhile: what is counted is theirs as well */
    gint64 max_clients;     /* that a daemon that is started admits; 0: as libvirt thinks fit */
    gboolean idle_exit;     /* daemons that are started end when nobody uses them */
    CpConnection *connection;
    CpOutcome opened;     /* why libvirt could not be opened: an error or a loss; empty if it could */
    CpReaper before;      /* the reaper when the last question was asked */
    CpCpuTime own_before; /* and the CPU time of the daemons, and of the processes that they had waited for */
    CpCpuTime children_before;
    gboolean counted; /* whether instructions were counted then: */
    CpInstructionCounts instructions_before;
    char *close_error; /* why libvirt's connection could not be closed, the first time; or NULL */
    gint64 libvirt_ns; /* time spent in libvirt's calls so far; callers may reset it */
} CpSession;

/** A session for `target`, not open yet. `spec` says how the client is started. All arguments are borrowed. */
CpSession *cp_session_new(const CpTarget *target, const CpConnectionSpec *spec, CpHost *host, CpReaper *reaper);

/** Frees the session; its client and its daemons, if they run, are killed. */
void cp_session_free(CpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSession, cp_session_free)

/** Starts libvirt: the daemons that do not run, and a client. A libvirt that cannot be opened is not an error: `opened` then says why, and so does every answer. */
gboolean cp_session_open(CpSession *session, GError **error);

/** Whether the libvirt that was started last could be opened. */
gboolean cp_session_is_open(const CpSession *session);

/** Whether there is a client. It is gone after cp_session_close(), and after a crash or a deadline. */
gboolean cp_session_has_client(const CpSession *session);

/** Ends libvirt, if it runs: the client, and then the daemons. If it does not end well, `outcome`, which must be empty, says so as `lost`, and the
 * first time `close_error` does as well. */
void cp_session_close(CpSession *session, CpOutcome *outcome);

/** Kills libvirt, all its processes. */
void cp_session_kill(CpSession *session);

/** As cp_session_close(), but the daemons end by themselves: `idle_exit` must have been set when they were started. */
void cp_session_close_idle(CpSession *session, CpOutcome *outcome);

/** From the next start on libvirt is another target. It must not run. `daemons` are as in CpConnectionSpec, borrowed. */
void cp_session_set_target(CpSession *session, const CpTarget *target, const char *const *daemons);

/** Begins to count the starts of the emulators that `question` may start, and no others. */
void cp_session_watch(CpSession *session, const CpQuestion *question);

/** Sends another request than a question. libvirt must be open. cp_session_wait() gets its reply. */
void cp_session_request(CpSession *session, CpRequestVerb verb, const GString *payload);

/** Like cp_connection_take(). If the client is lost, libvirt is, as in cp_session_wait(). */
gboolean cp_session_take(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/**
 * Asks the daemon to which clients connect what it says of itself, see `admin` in history/event.h. NULL if there is no daemon, or if it
 * or its library has no interface for administrators. Free with json_object_unref().
 */
JsonObject *cp_session_admin(CpSession *session);

/** The URI that the client has opened. The caller owns it. */
char *cp_session_uri(const CpSession *session);

/** Sends the question, whose answer cp_session_wait() gets. If libvirt could not be opened, returns FALSE with `outcome`
 * filled in, and the session is closed. */
gboolean cp_session_ask(CpSession *session, const CpQuestion *question, CpOutcome *outcome);

/**
 * Like cp_connection_wait(); if the request has ended, its time is added to `libvirt_ns`. If a daemon has ended, libvirt is lost,
 * whatever the client says. If libvirt is lost, every process of the sandbox is killed: what else it has left behind is not known.
 */
gboolean cp_session_wait(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/** Returns the log of the process in which the QEMU driver runs. */
CpLog *cp_session_log(CpSession *session);

/** How many emulators were started since the last question was asked. */
gint64 cp_session_emulators(CpSession *session);
