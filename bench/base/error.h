/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can go wrong, and the exit status each kind of it ends with.
 */
#pragma once

#include <glib.h>

/** Exit statuses, fit for `git bisect run`: 0 good, 1 bad, 125 skip, above 127 abort. Never 2. */
typedef enum {
    CP_EXIT_WELL = 0,
    CP_EXIT_BAD = 1,          /* a stale, torn or failed read, or an expectation that does not hold */
    CP_EXIT_UNTESTABLE = 125, /* could not be tested here, or no decision is possible */
    CP_EXIT_INTERRUPTED = 130,
    CP_EXIT_USAGE = 254,
    CP_EXIT_FAILED = 255, /* capprobe itself failed */
} CpExit;

typedef enum {
    CP_ERROR_USAGE,      /* wrong usage, or input that cannot be read: CP_EXIT_USAGE */
    CP_ERROR_UNTESTABLE, /* this host lacks something: CP_EXIT_UNTESTABLE */
    CP_ERROR_FAILED,     /* anything else: CP_EXIT_FAILED */
} CpError;

#define CP_ERROR (cp_error_quark())
GQuark cp_error_quark(void);

/** The exit status that `error` ends with. Errors of other domains count as CP_ERROR_FAILED, wrong options as usage. */
CpExit cp_error_exit(const GError *error);

/** `text` as one line that does nothing to a terminal: control characters are spelt "\\u000a". The caller owns it. */
char *cp_error_line(const char *text);

/** Sets `error` to `what`, formatted, and the text of errno `number`. Always returns FALSE. */
gboolean cp_error_set_errno(GError **error, CpError code, int number, const char *what, ...) G_GNUC_PRINTF(4, 5);
