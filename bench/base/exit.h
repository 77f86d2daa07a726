/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The exit statuses of capprobe. This is the only table of them: code, help and manual use it. */
#pragma once

#include <glib.h>

/** Exit statuses. They suit `git bisect run`: 0 is good, 1 bad, 125 skip, 128 or more abort. 2 is never used. */
typedef enum {
    CP_EXIT_WELL = 0,
    CP_EXIT_BAD = 1,
    CP_EXIT_UNTESTABLE = 125,
    CP_EXIT_INTERRUPTED = 130,
    CP_EXIT_USAGE = 254,
    CP_EXIT_FAILED = 255,
} CpExit;

typedef struct {
    CpExit status;
    const char *text; /* what the status means, in half a line */
} CpExitMeaning;

/** One row per exit status, in ascending order. The last row has the text NULL. */
extern const CpExitMeaning cp_exit_meanings[];

/** Returns whether `status` is one of capprobe's exit statuses. */
gboolean cp_exit_is_known(gint64 status);

/** Returns the table as text for --help, one line per status: "  125  could not be tested here". The caller owns it. */
char *cp_exit_describe(void);
