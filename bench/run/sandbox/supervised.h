/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Supervised commands: any command of a scenario, run to its end. A process of its own, the supervisor, starts the command,
 * keeps the end of what it prints, and ends it and everything that it leaves behind. Used by the sandbox's init.
 */
#pragma once

#include "run/sandbox/reaper.h"

/** Lets time pass until `until_ns` (CLOCK_MONOTONIC) or until `fd` is readable, and reaps what ends meanwhile. */
typedef void CpWait(gpointer data, gint64 until_ns, int fd);

/** What is to be run, and how. All pointers are borrowed. */
typedef struct {
    char **argv;
    char **env;
    gint64 limit_ns; /* how long the command may take */
    int copy;        /* a descriptor to which what it prints is written as well; 0 for none */
    CpReaper *reaper;
    CpWait *wait; /* how the init waits meanwhile */
    gpointer wait_data;
} CpSupervisedSpec;

#define CP_SUPERVISED_SAID 4096

/** How a command ended. */
typedef struct {
    int exec_errno;                /* why it could not be executed; 0 if it could */
    gboolean late;                 /* it had to be killed at its deadline */
    int status;                    /* as waitpid() gives it; of a supervisor that was killed, its own */
    gsize said_size;               /* bytes in `said` */
    char said[CP_SUPERVISED_SAID]; /* the end of its standard output and error */
} CpSupervisedEnd;

/**
 * Runs a command without standard input, and waits for its end. Whatever it left running is killed then. It runs as
 * cp_sandbox_confine_administrator() says. Returns NULL with `error` set if no process could be made; else how it ended, to
 * be freed with cp_supervised_end_free().
 */
CpSupervisedEnd *cp_supervised_run(const CpSupervisedSpec *spec, GError **error);
void cp_supervised_end_free(CpSupervisedEnd *end);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSupervisedEnd, cp_supervised_end_free)
