/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a target on one file, with limits on memory (2 GB, as the sanitizer counts it) and time. */
#pragma once

#include <glib.h>

typedef struct {
    char *report; /* what the process printed, as valid UTF-8: at most the first MB, roughly */
    int status;   /* as waitpid() returns it */
    gboolean timed_out;
} CpExecution;

/** Sets the environment for all later executions, so that the sanitizers report all they know. */
void cp_execution_prepare(void);

/**
 * Runs `program` with the argument `file`. After `seconds` the process is made to print its stack and is killed. Returns
 * NULL and sets `error` only if no process can be started. The caller owns the execution.
 */
CpExecution *cp_execution_run(const char *program, const char *file, guint seconds, GError **error);

void cp_execution_free(CpExecution *execution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpExecution, cp_execution_free)
