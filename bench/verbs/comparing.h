/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `ab` and `compare` share: their options, the noise of the machine, and what they print and exit with. */
#pragma once

#include <stdio.h>

#include "measure/comparison.h"
#include "verbs/verb.h"

/** What the options say. */
typedef struct {
    CpComparisonRule rule;
    guint allowed; /* as for cp_comparison_new() */
    void (*print)(const CpComparison *comparison, FILE *out);
    char *floor_file; /* where the noise of machines is kept */
} CpComparing;

void cp_comparing_clear(CpComparing *comparing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpComparing, cp_comparing_clear)

gboolean cp_comparing_read(const CpOptions *options, CpComparing *comparing, GError **error);

/** Reads a ratio that was given to the option `name` in percent, such as "5%", or takes `value` if `text` is NULL. */
gboolean cp_comparing_percent(const char *name, const char *text, double value, double *ratio, GError **error);

/** Compares the sides, with the noise floor of their machine. */
CpComparison *cp_comparing_compare(const CpComparing *comparing, CpCompared a, CpCompared b, GError **error);

/** Compares the only two variants of a result. */
CpComparison *cp_comparing_variants(const CpComparing *comparing, const CpResult *result, GError **error);

/** Prints the comparison. Returns the exit status; if there is a gate, says on standard error how it decides. */
CpExit cp_comparing_end(const CpOptions *options, const CpComparing *comparing, const CpComparison *comparison);
