/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Change points: where a series of values, one after the other in time, goes to another level. */
/*
 * The method is that of Apache Otava, which was called Hunter: Fleming et al., Hunter: Using Change Point Detection to Hunt for
 * Performance Regressions, ICPE 2023. With Otava's parameters it finds what Otava finds (otava/analysis.py).
 *
 *   1. A window of CP_CHANGE_POINT_WINDOW values moves over the series, by half of its length or up to the last change point in it. In
 *      each, E-divisive (Matteson and James, A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data, Journal
 *      of the American Statistical Association 109, 2014) divides the values where the parts differ most, as long as they differ
 *      by Student's t test at CP_CHANGE_POINT_WEAK_P.
 *   2. Of the points of all windows, the one with the largest p is taken away, and its neighbours are tested again, until all that
 *      are left differ at CP_CHANGE_POINT_P. Those that are taken away are weak.
 *
 * Otava takes the t test in place of the permutation test of the original: the same values always give the same points.
 */
#pragma once

#include <glib.h>

#define CP_CHANGE_POINT_WINDOW 50
#define CP_CHANGE_POINT_P 0.001
#define CP_CHANGE_POINT_WEAK_P 0.01

/** With fewer values no change can be seen. */
#define CP_CHANGE_POINT_MIN_N 3

typedef struct {
    guint index; /* that of the first value on the new level, from 1 on */
    double before,
        after; /* mean from the change point before to this one, and from this one to the next; ends count as such */
    double p;  /* two-sided, of the difference between the two */
    gboolean weak; /* `before`, `after` and `p` of a weak one are about all points, those of the others about those that
                             are not weak */
} CpChangePoint;

/** Returns the change points of `n` values, of CpChangePoint, ascending. The caller owns the array. */
GArray *cp_change_points(const double *values, guint n);
