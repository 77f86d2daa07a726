/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far one group of values is above another. Assumes nothing about the distribution but that a shift is one of all values. */
#pragma once

#include <glib.h>

typedef struct {
    double shift;      /* the estimate of Hodges and Lehmann */
    gboolean interval; /* there are enough values for low and high */
    double low, high;  /* confidence interval of the shift at 95 % or more */
    double p;          /* two-sided: the probability of this difference, or a larger one, if the groups do not differ */
} CpShift;

/** Up to this many values (differences, or values in both groups together) a distribution is exact, otherwise a normal one
 * with corrections for ties and for continuity. */
#define CP_SHIFT_EXACT_PAIRS 100
#define CP_SHIFT_EXACT_VALUES 60

/**
 * The shift of `n` > 0 differences, each between two values that belong together: the median of the means of any two of
 * them. `p` is Wilcoxon's signed-rank test without the differences that are 0. The interval is the one that belongs to the
 * test, from the means in order (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3.1 to 3.3).
 *
 * Differences are multiples of 1/2; beyond 1e18 they are taken for 1e18.
 */
CpShift cp_shift_of_pairs(const double *differences, gsize n);

/**
 * The shift of `m` > 0 values `b` against `n` > 0 values `a`, which have nothing to do with each other: the median of all
 * differences. `p` is Mann and Whitney's test, the interval the one that belongs to it (the same, 4.1 to 4.3). The values
 * are as those above.
 */
CpShift cp_shift_of_groups(const double *a, gsize n, const double *b, gsize m);

/** Cliff's delta: how much more often a value of `b` is larger than one of `a` than it is smaller: -1 to 1. */
double cp_cliffs_delta(const double *a, gsize n, const double *b, gsize m);

/** Replaces `n` probabilities by those of Holm, which allow for the number of tests. */
void cp_holm(double *p, gsize n);

/** The quantile of the normal distribution at `p`, between 0 and 1. */
double cp_normal_quantile(double p);
