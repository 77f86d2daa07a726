/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a program of the software under test in a sandbox of its own, for the first line that it prints. */
#pragma once

#include <glib.h>

/** How long a question may take if the user has not said so, in ns. */
#define CP_FIRST_LINE_DEADLINE_NS (G_GINT64_CONSTANT(30000000000))

/** What is to be run. All pointers are borrowed; `visible` ends with NULL. */
typedef struct {
    char **argv;      /* the program's path and its arguments */
    char **env;       /* its environment */
    const char *tree; /* this and the next two as in CpSandboxSpec */
    const char *client;
    const char *const *visible;
    gint64 deadline_ns; /* when everything is killed, from the start */
} CpFirstLineSpec;

/**
 * Runs the program in a sandbox without network in which it can write to nothing of the host, and returns the first
 * line that it prints on standard output, as valid UTF-8 and without the newline. Then, and at the deadline, everything
 * that it started is killed. The caller owns the line.
 *
 * If there is no such line, or if it is longer than 1000 bytes, the result is NULL and `*reason` says why; the caller
 * owns it. It continues a sentence that begins with the program: "did not answer within 30.0 s". If the sandbox cannot be
 * made, the result is NULL, `*reason` is NULL and `error` is set: CP_ERROR_UNTESTABLE, or CP_ERROR_FAILED.
 */
char *cp_first_line(const CpFirstLineSpec *spec, char **reason, GError **error);
