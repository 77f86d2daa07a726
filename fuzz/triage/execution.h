/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * One run of a target on one file, within limits: 2 GB of memory, as the sanitizer counts it, and some time. A process
 * that runs out of time is asked for its stack before it is killed.
 */

typedef struct {
    char *report; /* what it printed, as valid UTF-8; the beginning, where that is long */
    int status;   /* as waitpid() has it */
    gboolean timed_out;
} CpExecution;

/* Sets, for all runs to come, what makes the sanitizers tell all they know. */
void cp_execution_prepare(void);

/* NULL only where no process can be started. */
CpExecution *cp_execution_run(const char *program, const char *file, guint seconds, GError **error);

void cp_execution_free(CpExecution *execution);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpExecution, cp_execution_free)
