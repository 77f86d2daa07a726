/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Student's t test. */
#pragma once

#include <glib.h>

/**
 * Returns the probability that a variable with Student's t distribution is as far from 0 as `t`, or farther, on either side.
 * `df` > 0 is its degrees of freedom, `t` may be infinite. (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3
 * and 26.7.4.)
 */
double cp_student_two_sided(double t, guint df);

/** Two groups of values, compared. */
typedef struct {
    double mean_a, mean_b;
    double p; /* two-sided: the probability of this difference, or a larger one, if the groups do not differ */
} CpStudentTest;

/**
 * Compares `n` > 0 values with `m` > 0 others: Student's t test, for groups of equal variance. `p` is 1 if there are only two
 * values, or if the means are equal. The variances are divided by the number of values, not by one less, as Apache Otava does it.
 */
CpStudentTest cp_student_test(const double *a, gsize n, const double *b, gsize m);
