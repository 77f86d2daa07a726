/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sandbox's init: it reaps at once whatever ends, so that libvirt never waits for that, and counts the emulators
 * among it.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

typedef struct {
    int fd;                    /* readable when something ended; poll it */
    char emulator[16];         /* the emulator's name as the kernel keeps it */
    gint64 emulators;          /* ended so far */
    gint64 user_ns, system_ns; /* their CPU time so far */
    gint64 max_rss_kb;         /* the largest of them since cp_reaper_forget_peak() */
    gint64 last_end_ns;        /* when the last of them ended, CLOCK_MONOTONIC */
    pid_t watched;             /* a child whose end is to be noticed, or 0 */
    int watched_status;        /* as of waitpid(), once it has ended */
    gboolean watched_ended;
} CpReaper;

/** Begins to reap for this process, which must be the init of its PID namespace. `emulator` is the path of the program
 * to count. */
gboolean cp_reaper_begin(CpReaper *reaper, const char *emulator, GError **error);

/** Reaps all that has ended. Never blocks. */
void cp_reaper_reap(CpReaper *reaper);

/** Notices the end of `pid` from now on. */
void cp_reaper_watch(CpReaper *reaper, pid_t pid);

/** Starts the search for the largest emulator anew. */
void cp_reaper_forget_peak(CpReaper *reaper);

/** Ends all other processes of the namespace and reaps them. */
void cp_reaper_kill_all(CpReaper *reaper);
