/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact distributions of sums of ranks, which tests of ranks are made of. */
#pragma once

#include <glib.h>

/** A distribution: shares[s], from s = 0 to `most`, is the probability of the sum s. Freed by cp_rank_sums_clear(). */
typedef struct {
    double *shares;
    gsize most;
} CpRankSums;

void cp_rank_sums_clear(CpRankSums *sums);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpRankSums, cp_rank_sums_clear)

/** The sum of those of `n` ranks that have a positive sign, if each sign is as likely as the other. */
CpRankSums cp_rank_sums_of_signs(const gsize *ranks, gsize n);

/** The sum of `n` of `all` ranks, if each choice of them is as likely as any other. */
CpRankSums cp_rank_sums_of_groups(const gsize *ranks, gsize all, gsize n);

/** Returns the probability of a sum that is at least as far from `middle` as `sum` is. */
double cp_rank_sums_beyond(const CpRankSums *sums, double middle, gsize sum);

/** Returns the smallest sum whose probability, together with that of all smaller ones, is more than `share`. */
gsize cp_rank_sums_quantile(const CpRankSums *sums, double share);

/** Returns the ranks of `n` values, in units of 1/2: equal values have the mean of their ranks. The caller owns them. */
gsize *cp_ranks(const double *values, gsize n);
