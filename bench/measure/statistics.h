/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statistics of latencies: nothing is assumed of their distribution, and nothing is left out.
 */
#pragma once

#include <glib.h>

typedef struct {
    gsize n;
    double min, max, median, p90, p99; /* ns; 0 where n is 0 */
    double mad;                        /* ns; median absolute deviation from the median, not scaled */
    gboolean interval;                 /* whether n suffices for the interval; it takes CP_INTERVAL_MIN_N */
    double low, high;                  /* ns; confidence interval of the median, at least 95 % */
} CpSummary;

/** The fewest samples for which order statistics can bound the median at 95 %. */
#define CP_INTERVAL_MIN_N 6

/** Summarises `n` samples, in ns, in any order. */
CpSummary cp_summarize(const gint64 *samples_ns, gsize n);

/** The quantile at `p` (0 to 1) of `n` > 0 ascending values, interpolated: Hyndman and Fan's type 7, as R does by
 * itself. */
double cp_quantile(const double *sorted, gsize n, double p);

/** The median of `n` > 0 values, in any order. */
double cp_median(const double *values, gsize n);

/**
 * The rank, counted from 1, of the lower end of the 95 % interval of the median of `n` values; its upper end is as far
 * from the other side. From the binomial distribution of the number of values below the median (Conover, Practical
 * Nonparametric Statistics, 3.2). 0 where n is too small.
 */
gsize cp_median_rank(gsize n);

/** Compares two `double` for qsort(). */
int cp_compare_doubles(const void *a, const void *b);

/** How two groups of values differ in rank. */
typedef struct {
    double u;   /* Mann-Whitney: pairs in which the first group has the larger value, a tie being half a pair */
    double p;   /* two-sided: how probable so uneven a sharing of these ranks, or a more uneven one, is by chance */
    double a12; /* Vargha-Delaney: the part of all pairs that `u` is; 0.5 where the groups are alike */
} CpRankTest;

/** The most values in all that cp_rank_test() takes. */
#define CP_RANK_TEST_MAX_N 100

/** Compares `n` > 0 values with `m` > 0 others. `p` is exact, ties or no ties: the ranks as they are, in all groupings. */
CpRankTest cp_rank_test(const double *a, gsize n, const double *b, gsize m);
