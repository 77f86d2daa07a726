/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interval of the median for samples that are not independent, because several are of one round. */
#pragma once

#include <glib.h>

/** The number of resamples. */
#define CP_BOOTSTRAP_RESAMPLES 1999

/**
 * Calculates a confidence interval of the median at 95 % from `n` ascending values. `groups[i]`, from 0 to `n_groups` - 1,
 * is the group of value i; at least two groups have values. The same values give the same interval.
 *
 * Groups are drawn with replacement, each with all of its values, and the median of what was drawn is taken (Davison and
 * Hinkley, Bootstrap Methods and their Application, 3.8). The interval is that of percentiles, which are moved outwards as
 * the number of groups is small (Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69,
 * 2015: expanded percentile interval).
 */
void cp_bootstrap_median(const double *sorted, const guint *groups, gsize n, guint n_groups, double *low, double *high);

/** Returns the percentile of the lower end, between 0 and 0.025, for `n_groups` > 1. */
double cp_bootstrap_percentile(guint n_groups);
