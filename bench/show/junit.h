/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit: outcomes as an XML file, as GitLab and others read it. */
#pragma once

#include <stdio.h>
#include <glib.h>

typedef enum { CP_JUNIT_PASSED, CP_JUNIT_FAILED, CP_JUNIT_ERROR, CP_JUNIT_SKIPPED } CpJunitOutcome;

/** A test case. Strings are borrowed. */
typedef struct {
    const char *group, *name;
    CpJunitOutcome outcome;
    gint64 wall_ns;
    const char *message; /* one line; not for a case that passed */
    const char *text;    /* more lines, or NULL */
} CpJunitCase;

/** Prints a file with one suite of `n` cases. */
void cp_junit_print(const char *suite, const CpJunitCase *cases, guint n, FILE *out);
