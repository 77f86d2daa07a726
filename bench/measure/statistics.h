/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of latencies. They assume nothing about the distribution, and leave no value out. */
#pragma once

#include <glib.h>

typedef struct {
    gsize n, rounds;                   /* the number of samples, and of the rounds that they are of */
    double min, max, median, p90, p99; /* ns; 0 if n is 0 */
    double mad;                        /* ns; median absolute deviation from the median, not scaled */
    gboolean interval;                 /* there are enough rounds for low and high: at least CP_INTERVAL_MIN_N */
    double low, high;                  /* ns; confidence interval of the median at 95 % or more */
} CpSummary;

/** A confidence interval of the median at 95 % needs at least this many rounds. */
#define CP_INTERVAL_MIN_N 6

/** Summarizes `n` samples, in ns, in any order; each is of a round of its own. */
CpSummary cp_summarize(const gint64 *samples_ns, gsize n);

/**
 * Summarizes `n` samples, of which sample i is of round `rounds[i]`. Samples of one round have more in common than those of
 * different ones: if any round has several, the interval is that of cp_bootstrap_median(), else that of cp_median_rank().
 */
CpSummary cp_summarize_rounds(const gint64 *samples_ns, const gint64 *rounds, gsize n);

/** Returns the quantile at `p` (0 to 1) of `n` > 0 ascending values, interpolated as R does by default (type 7 of Hyndman
 * and Fan). */
double cp_quantile(const double *sorted, gsize n, double p);

/** The median of `n` > 0 values, in any order. */
double cp_median(const double *values, gsize n);

/**
 * Returns the rank, counted from 1, of the lower end of the 95 % interval of the median of `n` values; 0 if `n` is too
 * small. The upper end has the same rank when counted from the largest value. It is derived from the binomial
 * distribution of the number of values below the median (Conover, Practical Nonparametric Statistics, 3.2).
 */
gsize cp_median_rank(gsize n);

/** Compares two `double` for qsort(). */
int cp_compare_doubles(const void *a, const void *b);

/** The difference in rank between two groups of values. */
typedef struct {
    double u;   /* Mann-Whitney: the number of pairs in which the first group has the larger value; ties count as 1/2 */
    double p;   /* two-sided: the probability of this difference, or a larger one, if the groups do not differ */
    double a12; /* Vargha-Delaney: `u` divided by the number of pairs; 0.5 if the groups do not differ */
} CpRankTest;

/** The largest number of values, in both groups together, that cp_rank_test() takes. */
#define CP_RANK_TEST_MAX_N 100

/** Compares `n` > 0 values with `m` > 0 others. `p` is exact, also with ties: all ways to divide the ranks are counted. */
CpRankTest cp_rank_test(const double *a, gsize n, const double *b, gsize m);
