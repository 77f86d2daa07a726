/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reaps every process that ends in the sandbox, and counts emulators. libvirt waits until its emulators
 * have been reaped, so the reaper must be prompt. Runs in the sandbox's init.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

#include "run/sandbox/start-counter.h"

typedef struct {
    int fd;                    /* readable when a process has ended; for poll() */
    CpStartCounter starts;     /* of emulators */
    gint64 ended;              /* the number of emulators that became daemons and have ended */
    gint64 user_ns, system_ns; /* the sum of the CPU times of all that was reaped here but the children that are
                               given to the two functions below: emulators */
    gint64 max_rss_kb;         /* the largest of those since cp_reaper_forget_peak() */
    gint64 last_end_ns;        /* when the last emulator ended, CLOCK_MONOTONIC */
    pid_t watched;             /* the child given to cp_reaper_watch(), or 0 */
    int watched_status;        /* its status as waitpid() gives it; valid if watched_ended */
    gboolean watched_ended;
    gboolean watched_killed; /* by cp_reaper_kill_all() */
    pid_t supervisor;        /* the child given to cp_reaper_watch_supervisor() until it has been reaped, else 0 */
    int supervisor_status;   /* its status as waitpid() gives it, once it has been reaped */
} CpReaper;

/** Initialises `reaper` and blocks SIGCHLD. This process must be the init of its PID namespace. */
gboolean cp_reaper_begin(CpReaper *reaper, GError **error);

/**
 * How many emulators were started since `before`, a copy of `reaper` from then. Where the kernel does not allow to count
 * starts (see start-counter.h): how many ended.
 */
gint64 cp_reaper_emulators_since(CpReaper *reaper, const CpReaper *before);

/** Reaps every process that has ended. Never blocks. */
void cp_reaper_reap(CpReaper *reaper);

/** Waits until `until_ns` (CLOCK_MONOTONIC), until `fd` is readable if it is not -1, or until a process has ended, and reaps
 * what has. */
void cp_reaper_poll(CpReaper *reaper, gint64 until_ns, int fd);

/** Makes `pid` the watched child. Only one child is watched at a time. */
void cp_reaper_watch(CpReaper *reaper, pid_t pid);

/** The same for the supervisor of a command (see supervised.h), beside a watched child. */
void cp_reaper_watch_supervisor(CpReaper *reaper, pid_t pid);

/**
 * Reaps until the watched child has ended. At `deadline_ns` (CLOCK_MONOTONIC) every process of the sandbox is killed.
 * Returns FALSE if that was necessary.
 */
gboolean cp_reaper_await_watched(CpReaper *reaper, gint64 deadline_ns);

/** Sets max_rss_kb to 0. */
void cp_reaper_forget_peak(CpReaper *reaper);

/** Kills every other process of the PID namespace and reaps them all. */
void cp_reaper_kill_all(CpReaper *reaper);
