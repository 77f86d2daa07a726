/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts that a comparison is made of. For its own files only. */
#pragma once

#include "measure/comparison.h"

/** Returns the scenario of this name on one side; NULL if it is not there or was not carried out. */
const CpScenarioResult *cp_compared_scenario(CpCompared side, const char *name);

/** Returns the environment of one side: that of the variant, or else of the run. Borrowed. */
JsonObject *cp_compared_environment(CpCompared side);

/** Returns a member of that environment, or of an object in it, as text: "" if there is none. The caller owns it. */
char *cp_compared_text(CpCompared side, const char *object, const char *member);

/** Checks that both sides can be compared; adds to the notes what differs but may. CP_ERROR_USAGE if they cannot. */
gboolean cp_comparison_check_same(CpComparison *comparison, guint allowed, GError **error);

/** Adds the lines that both have, with their figures; notes those that only one has. */
void cp_comparison_add_lines(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b);

/**
 * The smallest shift that is seen in 9 of 10 cases, as a ratio, if the interval of a line is `width` wide and there are
 * `lines` tests: it must get past the noise `floor`, too. `n` is the number of pairs, or of rounds on each side if there are none.
 * INFINITY if no shift would be seen.
 */
double cp_comparison_visible(double width, gboolean paired, gsize n, gsize lines, double alpha, double floor);

/** How many rounds would do to see a shift of `wanted`. 0 if that is not more than the floor, so that none would. */
gsize
cp_comparison_rounds(double width, gboolean paired, gsize n, gsize lines, double alpha, double floor, double wanted);

/** Sets what follows from the number of lines, and decides about each. */
void cp_comparison_decide_lines(CpComparison *comparison);

/** Adds what differs in the verdicts of a scenario, and in how often emulators were started. */
void cp_comparison_add_counts(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b);

/** Whether the base of `second` shows what `count` calls new. */
gboolean cp_comparison_refutes(const CpComparison *second, const CpComparedCount *count);
