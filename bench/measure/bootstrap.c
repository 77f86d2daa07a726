/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interval of the median for samples that are not independent, because several are of one round. */
#include "measure/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/statistics.h"

#define SEED 1

/* The quantile of Student's t at 97.5 % (Abramowitz and Stegun, 26.7.5). */
static double
t_quantile(double freedom)
{
    const double z = 1.959963984540054, z2 = z * z;
    double terms[] = { z * (z2 + 1) / 4, z * ((5 * z2 + 16) * z2 + 3) / 96,
                       z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
                       z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160 };
    double t = z, power = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(terms); i++)
        t += terms[i] / (power *= freedom);
    return t;
}

double
cp_bootstrap_percentile(guint n_groups)
{
    double distance = sqrt(n_groups / (n_groups - 1.0)) * t_quantile(n_groups - 1.0);
    return erfc(distance / G_SQRT2) / 2;
}

/* Returns the median of a resample, in which the values of group g are `times[g]` times; there are `total` values. */
static double
median_of(const double *sorted, const guint *groups, const guint *times, gsize total)
{
    gsize i = 0, passed = times[groups[0]];
    while (passed <= (total - 1) / 2)
        passed += times[groups[++i]];
    double below = sorted[i];
    while (passed <= total / 2)
        passed += times[groups[++i]];
    return (below + sorted[i]) / 2;
}

void
cp_bootstrap_median(const double *sorted, const guint *groups, gsize n, guint n_groups, double *low, double *high)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    g_autofree guint *times = g_new(guint, n_groups), *sizes = g_new0(guint, n_groups);
    double medians[CP_BOOTSTRAP_RESAMPLES];

    for (gsize i = 0; i < n; i++)
        sizes[groups[i]]++;
    for (guint resample = 0; resample < CP_BOOTSTRAP_RESAMPLES; resample++) {
        gsize total = 0;
        memset(times, 0, n_groups * sizeof(*times));
        for (guint i = 0; i < n_groups; i++) {
            guint group = (guint)g_rand_int_range(random, 0, (gint32)n_groups);
            times[group]++;
            total += sizes[group];
        }
        medians[resample] = median_of(sorted, groups, times, total);
    }

    qsort(medians, CP_BOOTSTRAP_RESAMPLES, sizeof(*medians), cp_compare_doubles);
    gsize rank = MAX(1, floor(cp_bootstrap_percentile(n_groups) * (CP_BOOTSTRAP_RESAMPLES + 1)));
    *low = medians[rank - 1];
    *high = medians[CP_BOOTSTRAP_RESAMPLES - rank];
}
