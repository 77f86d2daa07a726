/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The exit statuses of capprobe, from the table in exit.def. */
#pragma once

#include <glib.h>

/** Exit statuses. They suit `git bisect run`: 0 is good, 1 bad, 125 skip, 128 or more abort. 2 is never used. */
typedef enum {
#define CP_EXIT_STATUS(id, status, meaning) CP_EXIT_##id = status,
#include "base/exit.def"
#undef CP_EXIT_STATUS
} CpExit;

typedef struct {
    CpExit status;
    const char *text; /* what the status means, in half a line */
} CpExitMeaning;

/** One row per exit status, in ascending order. The last row has the text NULL. */
extern const CpExitMeaning cp_exit_meanings[];

/** Who takes the exit status: the option --exit. */
typedef enum {
    CP_EXIT_STYLE_PLAIN,  /* the statuses above */
    CP_EXIT_STYLE_TEST,   /* a test driver, such as those of Meson, Automake and autopkgtest: 77 stands for 125 */
    CP_EXIT_STYLE_NAGIOS, /* a monitoring system: 0 (OK), 2 (critical) if something is wrong, 3 (unknown) for all else */
} CpExitStyle;

/** "plain", "test" or "nagios". FALSE if `name` is not one of these. */
gboolean cp_exit_parse_style(const char *name, CpExitStyle *style);

/** The status that the process ends with. */
int cp_exit_translate(CpExitStyle style, CpExit status);

/** Returns whether `status` is one of capprobe's exit statuses. */
gboolean cp_exit_is_known(gint64 status);

/** Returns the table as text for --help, one line per status: "  125  could not be tested here". The caller owns it. */
char *cp_exit_describe(void);
