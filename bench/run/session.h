/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session: the libvirt under test is started, asked and ended, and the time in its calls is added up. Runs in the
 * sandbox's init. */
#pragma once

#include "run/host/host.h"
#include "run/plan.h"

typedef struct {
    const CpTarget *target; /* borrowed */
    CpHost *host;           /* borrowed */
    CpReaper *reaper;       /* borrowed */
    CpConnection *connection;
    GString *query;    /* the payload of a read request */
    char *open_error;  /* why libvirt could not be opened, or NULL */
    char *close_error; /* why libvirt's connection could not be closed, the first time; or NULL */
    gint64 libvirt_ns; /* in libvirt's calls so far; callers may reset it */
} CpSession;

/** A session for `plan`, not open yet. `spec` says how the client is started. All arguments are borrowed. */
CpSession *cp_session_new(const CpPlan *plan, const CpConnectionSpec *spec, CpHost *host, CpReaper *reaper);

/** Frees the session; its client, if there is one, is killed. */
void cp_session_free(CpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSession, cp_session_free)

/** Starts libvirt. A libvirt that cannot be opened is not an error: `open_error` then says why. */
gboolean cp_session_open(CpSession *session, GError **error);

/** Whether there is a client. It is gone after cp_session_close(), and after a crash or a deadline. */
gboolean cp_session_has_client(const CpSession *session);

/** Ends libvirt, if it runs. If that fails for the first time, `close_error` says why. */
void cp_session_close(CpSession *session);

/** Asks for the domain capabilities; cp_session_wait() gets the answer. */
void cp_session_send_read(CpSession *session);

/** Like cp_connection_wait(); if the request has ended, its time is added to `libvirt_ns`. */
gboolean cp_session_wait(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome);
