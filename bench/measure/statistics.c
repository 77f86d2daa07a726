/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of latencies. */
#include "measure/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bootstrap.h"
#include "measure/exact-ranks.h"

int
cp_compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double
cp_quantile(const double *sorted, gsize n, double p)
{
    double position = (n - 1) * p;
    gsize below = floor(position);
    gsize above = MIN(below + 1, n - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

double
cp_median(const double *values, gsize n)
{
    g_autofree double *sorted = g_memdup2(values, n * sizeof(*values));
    qsort(sorted, n, sizeof(*sorted), cp_compare_doubles);
    return cp_quantile(sorted, n, 0.5);
}

gsize
cp_median_rank(gsize n)
{
    /* The smallest k with P(X <= k) >= 2.5 %, where X is the number of heads in n tosses of a fair coin. */
    double sum = 0;
    for (gsize k = 0; k <= n; k++) {
        sum += exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) - n * G_LN2);
        if (sum >= 0.025)
            return k;
    }
    g_assert_not_reached();
}

CpSummary
cp_summarize(const gint64 *samples_ns, gsize n)
{
    CpSummary summary = { .n = n, .rounds = n };
    if (n == 0)
        return summary;

    g_autofree double *values = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        values[i] = samples_ns[i];
    qsort(values, n, sizeof(*values), cp_compare_doubles);

    summary.min = values[0];
    summary.max = values[n - 1];
    summary.median = cp_quantile(values, n, 0.5);
    summary.p90 = cp_quantile(values, n, 0.9);
    summary.p99 = cp_quantile(values, n, 0.99);
    gsize rank = cp_median_rank(n);
    if (rank > 0) {
        summary.interval = TRUE;
        summary.low = values[rank - 1];
        summary.high = values[n - rank];
    }

    for (gsize i = 0; i < n; i++)
        values[i] = fabs(values[i] - summary.median);
    qsort(values, n, sizeof(*values), cp_compare_doubles);
    summary.mad = cp_quantile(values, n, 0.5);
    return summary;
}

typedef struct {
    double value;
    guint round; /* an index */
} Sample;

static int
compare_samples(const void *a, const void *b)
{
    return cp_compare_doubles(&((const Sample *)a)->value, &((const Sample *)b)->value);
}

CpSummary
cp_summarize_rounds(const gint64 *samples_ns, const gint64 *rounds, gsize n)
{
    CpSummary summary = cp_summarize(samples_ns, n);
    g_autofree Sample *samples = g_new(Sample, n);
    g_autoptr(GHashTable) indexes = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (gsize i = 0; i < n; i++) {
        gpointer index;
        if (!g_hash_table_lookup_extended(indexes, &rounds[i], NULL, &index)) {
            index = GUINT_TO_POINTER(g_hash_table_size(indexes));
            g_hash_table_insert(indexes, (gpointer)&rounds[i], index);
        }
        samples[i] = (Sample){ samples_ns[i], GPOINTER_TO_UINT(index) };
    }
    summary.rounds = g_hash_table_size(indexes);
    if (summary.rounds == n)
        return summary;

    summary.low = summary.high = 0;
    summary.interval = summary.rounds >= CP_INTERVAL_MIN_N;
    if (!summary.interval)
        return summary;
    qsort(samples, n, sizeof(*samples), compare_samples);
    g_autofree double *values = g_new(double, n);
    g_autofree guint *groups = g_new(guint, n);
    for (gsize i = 0; i < n; i++) {
        values[i] = samples[i].value;
        groups[i] = samples[i].round;
    }
    cp_bootstrap_median(values, groups, n, (guint)summary.rounds, &summary.low, &summary.high);
    return summary;
}

CpRankTest
cp_rank_test(const double *a, gsize n, const double *b, gsize m)
{
    CpRankTest test = { 0 };
    gsize all = n + m, sum = 0;

    g_assert(n > 0 && m > 0 && all <= CP_RANK_TEST_MAX_N);
    g_autofree double *values = g_new(double, all);
    memcpy(values, a, n * sizeof(*values));
    memcpy(values + n, b, m * sizeof(*values));
    g_autofree gsize *ranks = cp_ranks(values, all);
    for (gsize i = 0; i < n; i++)
        sum += ranks[i];

    g_auto(CpRankSums) sums = cp_rank_sums_of_groups(ranks, all, n);
    test.p = cp_rank_sums_beyond(&sums, n * (all + 1.0), sum);
    test.u = sum / 2.0 - n * (n + 1) / 2.0;
    test.a12 = test.u / ((double)n * m);
    return test;
}
