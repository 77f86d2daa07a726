/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit: test cases as an XML file, as GitLab and tmt read it. */
#pragma once

#include <stdio.h>

#include <glib.h>

typedef enum {
    CP_JUNIT_PASSED,
    CP_JUNIT_FAILED,
    CP_JUNIT_ERROR, /* it could not be tested to its end */
    CP_JUNIT_SKIPPED,
    CP_JUNIT_LAST
} CpJunitOutcome;

/** A test case. Strings are borrowed. */
typedef struct {
    const char *group; /* or NULL */
    const char *name;
    CpJunitOutcome outcome;
    gint64 wall_ns;      /* 0 if it is not known */
    const char *message; /* one line; not for a case that passed */
    const char *text;    /* more lines, or NULL */
} CpJunitCase;

/** Prints a file with one suite of `n` cases, which took `wall_ns` in all. */
void cp_junit_print_cases(const char *suite, const CpJunitCase *cases, guint n, gint64 wall_ns, FILE *out);
