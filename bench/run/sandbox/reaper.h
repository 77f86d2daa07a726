/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reaps every process that ends in the sandbox, and counts emulators. libvirt waits until its emulators
 * have been reaped, so the reaper must be prompt. Runs in the sandbox's init.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

#include "run/sandbox/start-counter.h"

/** A child of the init whose end is awaited by itself. All zero before. */
typedef struct _CpChild CpChild;
struct _CpChild {
    pid_t pid;  /* 0 if there has not been one */
    int status; /* as waitpid() gives it; valid if it has ended */
    gboolean ended;
    gboolean killed; /* by cp_reaper_kill() or cp_reaper_kill_all() */
    CpChild *next;   /* the reaper's */
};

typedef struct {
    int fd;                    /* readable when a process has ended; for poll() */
    CpStartCounter starts;     /* of emulators */
    gint64 ended;              /* the number of emulators that became daemons and have ended */
    gint64 user_ns, system_ns; /* the sum of the CPU times of all that was reaped here but the children that are
                               given to the two functions below: emulators */
    gint64 max_rss_kb;         /* the largest of those since cp_reaper_forget_peak() */
    gint64 last_end_ns;        /* when the last emulator ended, CLOCK_MONOTONIC */
    CpChild *children;         /* those given to cp_reaper_watch() that have not ended */
    pid_t supervisor;          /* the child given to cp_reaper_watch_supervisor() until it has been reaped, else 0 */
    int supervisor_status;     /* its status as waitpid() gives it, once it has been reaped */
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

/** Watches the process `pid`, a child of the init that is not counted as an emulator. `child` is borrowed until it has ended,
 * and then says how. */
void cp_reaper_watch(CpReaper *reaper, CpChild *child, pid_t pid);

/** The same for the supervisor of a command (see supervised.h), beside the watched children. */
void cp_reaper_watch_supervisor(CpReaper *reaper, pid_t pid);

/**
 * Reaps until the watched child has ended. At `deadline_ns` (CLOCK_MONOTONIC) it is killed, but no other process. Returns FALSE
 * if that was necessary.
 */
gboolean cp_reaper_await(CpReaper *reaper, CpChild *child, gint64 deadline_ns);

/** Kills the watched child, unless it has ended, but no other process, and reaps it. */
void cp_reaper_kill(CpReaper *reaper, CpChild *child);

/** Sets max_rss_kb to 0. */
void cp_reaper_forget_peak(CpReaper *reaper);

/** Kills every other process of the PID namespace and reaps them all. */
void cp_reaper_kill_all(CpReaper *reaper);
