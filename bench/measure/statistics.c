/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "measure/statistics.h"

#include <math.h>
#include <stdlib.h>

static int
compare(const void *a, const void *b)
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

gsize
cp_median_rank(gsize n)
{
    /* The smallest k with P(X <= k) >= 2.5 %, X the number of n fair tosses that come up heads. */
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
    CpSummary summary = { .n = n };
    if (n == 0)
        return summary;

    g_autofree double *values = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        values[i] = samples_ns[i];
    qsort(values, n, sizeof(*values), compare);

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
    qsort(values, n, sizeof(*values), compare);
    summary.mad = cp_quantile(values, n, 0.5);
    return summary;
}
