/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to the libvirt under test: a client process and the requests to it. Runs in the sandbox's init. */
#pragma once

#include "run/libvirt/client-protocol.h"
#include "run/libvirt/daemon.h"

typedef struct _CpConnection CpConnection;
typedef struct _CpOutcome CpOutcome;

/** Takes the read of a reader, or, if `planned_ns` is 0, that it is connected. It may take what the outcome holds. */
typedef void CpTakeRead(guint reader, gint64 planned_ns, CpOutcome *outcome, gpointer data);

struct _CpConnection {
    const CpConnectionSpec *spec;
    CpReaper *reaper;
    const GPtrArray *daemons;    /* of CpDaemon, whose logs are taken while a reply is awaited; NULL for none */
    guint start_cpu;             /* on which of its CPUs the client opens libvirt, counted from 0 */
    CpChild child;               /* the client */
    pid_t pid;                   /* of the client; 0 if it does not run */
    int fd;                      /* the socket; -1 if there is no client */
    CpInstructions instructions; /* of the client */
    CpLog log;                   /* the client's standard error */
    GByteArray *received;        /* what has arrived of the next reply */
    CpTakeRead *take;            /* called with each read of the client's readers; NULL if there are none */
    gpointer take_data;
    GPtrArray *texts;   /* of Text: the answers of readers that have a number, from 1 */
    CpRequestVerb verb; /* of the current request */
    GHashTable *xml;    /* a set: digests of answers that are known to be well-formed XML */
    gint64 asked_ns;    /* when the current request was sent, CLOCK_MONOTONIC */
    gint64 deadline_ns; /* its deadline, likewise */
};

/** How a request ended: exactly one of the three texts is set. */
struct _CpOutcome {
    char *answer;              /* libvirt's */
    char *digest;              /* SHA-256 of the answer, in hexadecimal; NULL if there is none */
    char *error;               /* the message of libvirt's error */
    gint32 domain, code;       /* of the error: a virErrorDomain and a virErrorNumber */
    char *lost;                /* what became of the libvirt, if there is neither: it died, hangs, or talks nonsense */
    gint64 call_ns, return_ns; /* around libvirt's call. If the client was lost: when it was asked, and when that was
                                  noticed */
    CpCpuTime own, children;   /* CPU times, see CpReply; 0 if the client was lost */
    CpInstructionCounts instructions; /* as these; 0 if they were not counted */
};

/** Frees the texts and sets them to NULL. */
void cp_outcome_clear(CpOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpOutcome, cp_outcome_clear)

/** A connection without a client. Both arguments are borrowed. */
CpConnection *cp_connection_new(const CpConnectionSpec *spec, CpReaper *reaper);

/** Frees the connection. If it has a client, that is killed. */
void cp_connection_free(CpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpConnection, cp_connection_free)

/** Starts a client that opens nothing yet; `target` must be prepared at `root`. */
gboolean cp_connection_spawn(CpConnection *connection, const CpTarget *target, const char *root, GError **error);

/**
 * Starts a client, which opens `target` at `root`; both must be prepared. Returns FALSE if no client could be started. That libvirt could not be
 * opened is told by `outcome`.
 */
gboolean cp_connection_open(
    CpConnection *connection, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error);

/** The URI of `target`, whose files are in `root`. The caller owns it. */
char *cp_connection_uri(const CpConnection *connection, const CpTarget *target, const char *root);

/** Sends a request, whose reply cp_connection_wait() gets. `payload` may contain NULs; `length` is in bytes. */
void cp_connection_send(CpConnection *connection, CpRequestVerb verb, const char *payload, gsize length);

/**
 * Waits for the reply until `until_ns` (CLOCK_MONOTONIC; 0 for the request's deadline), or until `wake_fd`, if it is not
 * -1, is readable. Returns TRUE, with `outcome` filled in, if the request has ended: there is a reply, or the client is
 * lost because it died or missed the deadline. Then it has been killed, but nothing that it may have started. An answer to a read
 * that is not well-formed XML is a loss as well, but that client lives on.
 */
gboolean cp_connection_wait(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/**
 * Takes what readers have done until `until_ns` (CLOCK_MONOTONIC), while nothing is asked, or until `wake_fd`, if it is not -1, is readable.
 * Returns TRUE, with `outcome` filled in, if the client is lost.
 */
gboolean cp_connection_take(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/** Takes leave of the client, which does not run any more. */
void cp_connection_forget(CpConnection *connection);

/**
 * Lets libvirt close its connection and the client end. If that fails (an error, a crash, a missed deadline, an end
 * status other than 0), `outcome` says so as `lost`. A client that cp_reaper_kill_all() killed before is forgotten, and
 * `outcome` stays as it is.
 */
void cp_connection_close(CpConnection *connection, CpOutcome *outcome);
