/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact distributions of sums of ranks, which tests of ranks are made of. */
#include "measure/exact-ranks.h"

#include <math.h>

void
cp_rank_sums_clear(CpRankSums *sums)
{
    g_clear_pointer(&sums->shares, g_free);
}

static gsize
sum_of(const gsize *ranks, gsize n)
{
    gsize sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += ranks[i];
    return sum;
}

CpRankSums
cp_rank_sums_of_signs(const gsize *ranks, gsize n)
{
    CpRankSums sums = { .most = sum_of(ranks, n) };
    sums.shares = g_new0(double, sums.most + 1);
    sums.shares[0] = 1;
    gsize so_far = 0;
    for (gsize i = 0; i < n; i++) {
        so_far += ranks[i];
        for (gsize s = so_far + 1; s-- > 0;)
            sums.shares[s] = (sums.shares[s] + (s >= ranks[i] ? sums.shares[s - ranks[i]] : 0)) / 2;
    }
    return sums;
}

CpRankSums
cp_rank_sums_of_groups(const gsize *ranks, gsize all, gsize n)
{
    CpRankSums sums = { .most = sum_of(ranks, all) };
    gsize width = sums.most + 1;

    /* groups[k * width + s]: the number of ways in which k of the first i ranks add up to s */
    g_autofree double *groups = g_new0(double, (n + 1) * width);
    groups[0] = 1;
    gsize so_far = 0;
    for (gsize i = 0; i < all; i++) {
        so_far += ranks[i];
        for (gsize k = MIN(i + 1, n); k > 0; k--) {
            double *with = groups + k * width, *without = with - width;
            for (gsize s = ranks[i]; s <= so_far; s++)
                with[s] += without[s - ranks[i]];
        }
    }
    sums.shares = g_memdup2(groups + n * width, width * sizeof(*groups));
    double total = 0;
    for (gsize s = 0; s <= sums.most; s++)
        total += sums.shares[s];
    for (gsize s = 0; s <= sums.most; s++)
        sums.shares[s] /= total;
    return sums;
}

double
cp_rank_sums_beyond(const CpRankSums *sums, double middle, gsize sum)
{
    double p = 0, distance = fabs(sum - middle);
    for (gsize s = 0; s <= sums->most; s++)
        p += fabs(s - middle) >= distance ? sums->shares[s] : 0;
    return MIN(p, 1);
}

gsize
cp_rank_sums_quantile(const CpRankSums *sums, double share)
{
    double p = 0;
    for (gsize s = 0; s <= sums->most; s++) {
        p += sums->shares[s];
        if (p > share)
            return s;
    }
    return sums->most;
}

gsize *
cp_ranks(const double *values, gsize n)
{
    gsize *ranks = g_new(gsize, n);
    for (gsize i = 0; i < n; i++) {
        ranks[i] = 1;
        for (gsize j = 0; j < n; j++)
            ranks[i] += values[j] < values[i] ? 2 : values[j] == values[i];
    }
    return ranks;
}
