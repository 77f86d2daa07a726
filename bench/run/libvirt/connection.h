/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection: one client process, the libvirt within it, and the conversation with it.
 */
#pragma once

#include "run/libvirt/client-protocol.h"
#include "run/sandbox/reaper.h"
#include "run/libvirt/target.h"

/** What clients are started with; all borrowed. */
typedef struct {
    const char *client;     /* path of capprobe-client */
    const char *libvirt;    /* folder of a libvirt build, or NULL for the system's */
    gint64 deadline_ns;     /* how long a request may take */
    const char *log_filter; /* what libvirt logs to the client's standard error, or NULL */
} CpConnectionSpec;

typedef struct {
    const CpConnectionSpec *spec;
    CpReaper *reaper;
    pid_t pid;            /* 0 while there is no client */
    int fd;               /* the socket; -1 while there is no client */
    int error_fd;         /* the client's standard error; -1 while there is no client */
    GByteArray *received; /* of the reply under way */
    GString *errors;      /* the end of what the client wrote to its standard error */
    gint64 deadline_ns;   /* of the request under way, CLOCK_MONOTONIC */
    void (*on_log)(const char *line, gint64 now_ns, gpointer data); /* told each line of standard error, if not NULL */
    gpointer on_log_data;
} CpConnection;

/** How a request ended. */
typedef struct {
    char *answer; /* libvirt's, or NULL */
    char *error;  /* libvirt's own text, or what became of the client; NULL with an answer */
    gint64 call_ns,
        return_ns; /* around libvirt's call; where the client is lost, when it was asked and when that was noticed */
} CpOutcome;

void cp_outcome_clear(CpOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpOutcome, cp_outcome_clear)

CpConnection *cp_connection_new(const CpConnectionSpec *spec, CpReaper *reaper);

/** Frees the connection; its client, if there is one, is killed. */
void cp_connection_free(CpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpConnection, cp_connection_free)

/** Starts a client that opens `target` at `root`. A libvirt that cannot be opened is an outcome with an error, not an
 * error. */
gboolean cp_connection_open(
    CpConnection *connection, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error);

/** Sends a request. `payload` may hold NULs. */
void cp_connection_send(CpConnection *connection, CpRequestVerb verb, const char *payload, gsize length);

/**
 * Waits for the reply until `until_ns` (CLOCK_MONOTONIC; 0 for the request's own deadline), or until `wake_fd`, if not
 * -1, can be read. TRUE with `outcome` filled in when the request has ended: with a reply, with the client's death, or
 * with its deadline, at which every process of the sandbox is killed.
 */
gboolean cp_connection_wait(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/** Ends the client in an orderly way. The time that libvirt took for it is in `outcome`. */
void cp_connection_close(CpConnection *connection, CpOutcome *outcome);
