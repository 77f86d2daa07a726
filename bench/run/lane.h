/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lane: one client process, the libvirt within it, and the conversation with it.
 */
#pragma once

#include "run/client-protocol.h"
#include "run/reaper.h"
#include "run/target.h"

/** What clients are started with; all borrowed. */
typedef struct {
    const char *client;     /* path of capprobe-client */
    const char *libvirt;    /* folder of a libvirt build, or NULL for the system's */
    gint64 deadline_ns;     /* how long a request may take */
    const char *log_filter; /* what libvirt logs to the client's standard error, or NULL */
} CpLaneSpec;

typedef struct {
    const CpLaneSpec *spec;
    CpReaper *reaper;
    pid_t pid;            /* 0 while there is no client */
    int fd;               /* the socket; -1 while there is no client */
    int error_fd;         /* the client's standard error; -1 while there is no client */
    GByteArray *received; /* of the reply under way */
    GString *errors;      /* the end of what the client wrote to its standard error */
    gint64 deadline_ns;   /* of the request under way, CLOCK_MONOTONIC */
    void (*on_log)(const char *line, gint64 now_ns, gpointer data); /* told each line of standard error, if not NULL */
    gpointer on_log_data;
} CpLane;

/** How a request ended. */
typedef struct {
    char *answer; /* libvirt's, or NULL */
    char *error;  /* libvirt's own text, or what became of the client; NULL with an answer */
    gint64 call_ns,
        return_ns; /* around libvirt's call; where the client is lost, when it was asked and when that was noticed */
} CpOutcome;

void cp_outcome_clear(CpOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpOutcome, cp_outcome_clear)

CpLane *cp_lane_new(const CpLaneSpec *spec, CpReaper *reaper);

/** Frees the lane; its client, if there is one, is killed. */
void cp_lane_free(CpLane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpLane, cp_lane_free)

/** Starts a client that opens `target` at `root`. A libvirt that cannot be opened is an outcome with an error, not an
 * error. */
gboolean cp_lane_open(CpLane *lane, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error);

/** Sends a request. `payload` may hold NULs. */
void cp_lane_send(CpLane *lane, CpRequestVerb verb, const char *payload, gsize length);

/**
 * Waits for the reply until `until_ns` (CLOCK_MONOTONIC; 0 for the request's own deadline), or until `wake_fd`, if not
 * -1, can be read. TRUE with `outcome` filled in when the request has ended: with a reply, with the client's death, or
 * with its deadline, at which every process of the sandbox is killed.
 */
gboolean cp_lane_wait(CpLane *lane, gint64 until_ns, int wake_fd, CpOutcome *outcome);

/** Ends the client in an orderly way. The time that libvirt took for it is in `outcome`. */
void cp_lane_close(CpLane *lane, CpOutcome *outcome);
