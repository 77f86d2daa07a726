/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far one group of values is above another. */
#include "measure/shift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/exact-ranks.h"
#include "measure/statistics.h"

#define ONE_SIDE 0.025 /* of the intervals */
#define LARGEST 1e18

/* --- order statistics of sums, without making them all --- */

typedef struct {
    gint64 *halves; /* values in units of 1/2, ascending */
    gsize n;
} Sorted;

static int
compare_integers(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

/* The values, each multiplied by `sign`. The caller owns `halves`. */
static Sorted
sort(const double *values, gsize n, int sign)
{
    Sorted sorted = { g_new(gint64, n), n };
    for (gsize i = 0; i < n; i++)
        sorted.halves[i] = sign * llround(2 * CLAMP(values[i], -LARGEST, LARGEST));
    qsort(sorted.halves, n, sizeof(*sorted.halves), compare_integers);
    return sorted;
}

/* The number of pairs of a value of `x` and one of `y` whose sum is at most `limit`. */
static guint64
count_sums(const Sorted *x, const Sorted *y, gint64 limit)
{
    guint64 count = 0;
    gsize j = y->n;
    for (gsize i = 0; i < x->n; i++) {
        while (j > 0 && x->halves[i] + y->halves[j - 1] > limit)
            j--;
        count += j;
    }
    return count;
}

/* Sums of one value of `x` and one of `y`; if `y` is NULL, of any two of `x`, each also with itself. */
typedef struct {
    const Sorted *x, *y;
    guint64 n; /* how many there are */
} Sums;

static guint64
count_up_to(const Sums *sums, gint64 limit)
{
    if (sums->y)
        return count_sums(sums->x, sums->y, limit);
    guint64 count = count_sums(sums->x, sums->x, limit);
    for (gsize i = 0; i < sums->x->n && 2 * sums->x->halves[i] <= limit; i++)
        count++;
    return count / 2;
}

/* The sum of rank `rank`, counted from 1 and from the smallest. */
static gint64
sum_of_rank(const Sums *sums, guint64 rank)
{
    const Sorted *x = sums->x, *y = sums->y ? sums->y : sums->x;
    gint64 low = x->halves[0] + y->halves[0], high = x->halves[x->n - 1] + y->halves[y->n - 1];
    while (low < high) {
        gint64 middle = low + (gint64)(((guint64)high - (guint64)low) / 2);
        if (count_up_to(sums, middle) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Sets the estimate and, from the sums of rank `rank` counted from either end, the interval; none if it is 0. A sum of
 * `scale` is 1. */
static void
estimate(CpShift *shift, const Sums *sums, guint64 rank, double scale)
{
    double below = sum_of_rank(sums, (sums->n + 1) / 2), above = sum_of_rank(sums, sums->n / 2 + 1);
    shift->shift = (below + above) / 2 / scale;
    shift->interval = rank > 0;
    if (!shift->interval)
        return;
    shift->low = sum_of_rank(sums, rank) / scale;
    shift->high = sum_of_rank(sums, sums->n + 1 - rank) / scale;
}

/* --- tests --- */

double
cp_normal_quantile(double p)
{
    double low = -40, high = 40;
    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2;
        if (erfc(-middle / G_SQRT2) / 2 < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* The two-sided probability of a distance from the mean, with the correction for continuity. */
static double
normal_p(double distance, double variance)
{
    double corrected = fabs(distance) - 0.5;
    return corrected <= 0 || variance <= 0 ? 1 : erfc(corrected / sqrt(2 * variance));
}

/* The rank of the lower end of an interval, of a sum with this mean and variance. */
static guint64
normal_rank(double mean, double variance)
{
    double rank = floor(mean + cp_normal_quantile(ONE_SIDE) * sqrt(variance));
    return rank < 1 ? 1 : (guint64)rank;
}

/* Returns the sum of t^3 - t over the groups of t equal values, which corrections for ties need. */
static double
sum_ties(const double *sorted, gsize n)
{
    double ties = 0;
    for (gsize i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && sorted[end] == sorted[i];)
            end++;
        double t = end - i;
        ties += t * t * t - t;
    }
    return ties;
}

/* The ranks from 1 to n. The caller owns them. */
static gsize *
plain_ranks(gsize n)
{
    gsize *ranks = g_new(gsize, n);
    for (gsize i = 0; i < n; i++)
        ranks[i] = i + 1;
    return ranks;
}

static int
compare_sizes(const void *a, const void *b)
{
    return cp_compare_doubles(&(double){ fabs(*(const double *)a) }, &(double){ fabs(*(const double *)b) });
}

/* The signed-rank test for many differences, none of which is 0. Sorts them by size. */
static double
normal_signed_rank_p(double *differences, gsize n)
{
    qsort(differences, n, sizeof(*differences), compare_sizes);
    g_autofree double *sizes = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        sizes[i] = fabs(differences[i]);
    double positive = 0;
    for (gsize i = 0, end; i < n; i = end) {
        for (end = i; end < n && sizes[end] == sizes[i];)
            end++;
        for (gsize j = i; j < end; j++)
            positive += differences[j] > 0 ? (i + 1 + end) / 2.0 : 0;
    }
    double variance = n * (n + 1.0) * (2.0 * n + 1) / 24 - sum_ties(sizes, n) / 48;
    return normal_p(positive - n * (n + 1.0) / 4, variance);
}

static double
signed_rank_p(const double *differences, gsize all)
{
    g_autofree double *kept = g_new(double, all), *sizes = g_new(double, all);
    gsize n = 0, positive = 0;
    for (gsize i = 0; i < all; i++) {
        if (differences[i] != 0)
            kept[n++] = differences[i];
    }
    if (n == 0)
        return 1;
    if (n > CP_SHIFT_EXACT_PAIRS)
        return normal_signed_rank_p(kept, n);
    for (gsize i = 0; i < n; i++)
        sizes[i] = fabs(kept[i]);
    g_autofree gsize *ranks = cp_ranks(sizes, n);
    for (gsize i = 0; i < n; i++)
        positive += kept[i] > 0 ? ranks[i] : 0;
    g_auto(CpRankSums) sums = cp_rank_sums_of_signs(ranks, n);
    return cp_rank_sums_beyond(&sums, sums.most / 2.0, positive);
}

static guint64
signed_rank_rank(gsize n)
{
    if (n > CP_SHIFT_EXACT_PAIRS)
        return normal_rank(n * (n + 1.0) / 4, n * (n + 1.0) * (2.0 * n + 1) / 24);
    g_autofree gsize *ranks = plain_ranks(n);
    g_auto(CpRankSums) sums = cp_rank_sums_of_signs(ranks, n);
    return cp_rank_sums_quantile(&sums, ONE_SIDE);
}

CpShift
cp_shift_of_pairs(const double *differences, gsize n)
{
    CpShift shift = { .p = signed_rank_p(differences, n) };
    Sorted sorted = sort(differences, n, 1);
    Sums sums = { &sorted, NULL, (guint64)n * (n + 1) / 2 };
    estimate(&shift, &sums, signed_rank_rank(n), 4);
    g_free(sorted.halves);
    return shift;
}

/* How many pairs of a value of `b` and one of `a` have the larger value in `b`; ties count as 1/2. */
static double
count_larger(const Sorted *minus_a, const Sorted *b)
{
    guint64 all = (guint64)minus_a->n * b->n;
    guint64 not_larger = count_sums(b, minus_a, 0), smaller = count_sums(b, minus_a, -1);
    return all - not_larger + (not_larger - smaller) / 2.0;
}

static double
mann_whitney_p(const double *a, gsize n, const double *b, gsize m, double larger)
{
    gsize all = n + m;
    if (all <= CP_SHIFT_EXACT_VALUES)
        return cp_rank_test(b, m, a, n).p;
    g_autofree double *values = g_new(double, all);
    memcpy(values, a, n * sizeof(*values));
    memcpy(values + n, b, m * sizeof(*values));
    qsort(values, all, sizeof(*values), cp_compare_doubles);
    double pairs = (double)n * m;
    double variance = pairs / 12 * (all + 1.0 - sum_ties(values, all) / (all * (all - 1.0)));
    return normal_p(larger - pairs / 2, variance);
}

static guint64
mann_whitney_rank(gsize n, gsize m)
{
    gsize all = n + m;
    if (all > CP_SHIFT_EXACT_VALUES)
        return normal_rank((double)n * m / 2, (double)n * m * (all + 1.0) / 12);
    g_autofree gsize *ranks = plain_ranks(all);
    g_auto(CpRankSums) sums = cp_rank_sums_of_groups(ranks, all, n);
    return cp_rank_sums_quantile(&sums, ONE_SIDE) - n * (n + 1) / 2;
}

CpShift
cp_shift_of_groups(const double *a, gsize n, const double *b, gsize m)
{
    Sorted minus_a = sort(a, n, -1), above = sort(b, m, 1);
    CpShift shift = { .p = mann_whitney_p(a, n, b, m, count_larger(&minus_a, &above)) };
    Sums sums = { &above, &minus_a, (guint64)n * m };
    estimate(&shift, &sums, mann_whitney_rank(n, m), 2);
    g_free(minus_a.halves);
    g_free(above.halves);
    return shift;
}

double
cp_cliffs_delta(const double *a, gsize n, const double *b, gsize m)
{
    Sorted minus_a = sort(a, n, -1), above = sort(b, m, 1);
    double larger = count_larger(&minus_a, &above);
    g_free(minus_a.halves);
    g_free(above.halves);
    return 2 * larger / ((double)n * m) - 1;
}

void
cp_holm(double *p, gsize n)
{
    g_autofree double *sorted = g_memdup2(p, n * sizeof(*p)), *steps = g_new(double, n);
    double most = 0;
    if (n == 0)
        return;
    qsort(sorted, n, sizeof(*sorted), cp_compare_doubles);
    for (gsize i = 0; i < n; i++)
        steps[i] = most = MAX(most, MIN(1, sorted[i] * (n - i)));
    for (gsize i = 0; i < n; i++) {
        const double *place = bsearch(&p[i], sorted, n, sizeof(*sorted), cp_compare_doubles);
        while (place > sorted && place[-1] == p[i])
            place--;
        p[i] = steps[place - sorted];
    }
}
