/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Change points by E-divisive in windows. */
#include "measure/change-points.h"

#include <math.h>
#include <stdlib.h>

#include "measure/student.h"

/* At [i][j], for i < j: the sum of the distances between all pairs of the values i to j - 1 of a window. */
typedef double Distances[CP_CHANGE_POINT_WINDOW + 1][CP_CHANGE_POINT_WINDOW + 1];

/* A part of a window: the values from `begin` to `end` - 1; its best split, and by how much the two sides of that differ. */
typedef struct {
    guint begin, end, split;
    double difference;
} Part;

static void
fill_distances(const double *values, guint n, Distances distances)
{
    for (guint end = 1; end <= n; end++) {
        double to_last = 0;
        distances[end - 1][end] = 0;
        for (guint begin = end - 1; begin-- > 0;) {
            to_last += fabs(values[begin] - values[end - 1]);
            distances[begin][end] = distances[begin][end - 1] + to_last;
        }
    }
}

/* Finds the best place for a split. What comes after the second part, from `end` on, is left out of the comparison: another
 * change may follow. `inverse` has 1 / i at [i], and 0 at [0]: a part of one value has no distances within. */
static Part
divide(Distances distances, const double *inverse, guint begin, guint part_end)
{
    Part part = { begin, part_end, 0, 0 };
    for (guint split = begin + 1; split < part_end; split++) {
        guint n = split - begin;
        double first = distances[begin][split], first_mean = first * inverse[n - 1];
        for (guint m = 1; split + m <= part_end; m++) {
            double second = distances[split][split + m], between = distances[begin][split + m] - first - second;
            double difference = (between - m * first_mean - n * second * inverse[m - 1]) * 2 * inverse[n + m];
            if (difference > part.difference) {
                part.split = split;
                part.difference = difference;
            }
        }
    }
    return part;
}

static int
compare_points(gconstpointer a, gconstpointer b)
{
    guint x = ((const CpChangePoint *)a)->index, y = ((const CpChangePoint *)b)->index;
    return (x > y) - (x < y);
}

/* Adds the change points of a window of at most CP_CHANGE_POINT_WINDOW values, which begins at `begin`. Counts often are all
 * the same there. */
static void
add_window(const double *values, guint begin, guint n, GArray *points)
{
    Distances distances;
    double inverse[CP_CHANGE_POINT_WINDOW + 1] = { 0 };
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(Part));
    fill_distances(values + begin, n, distances);
    guint same = 1;
    while (same < n && values[begin + same] == values[begin])
        same++;
    if (same == n)
        return;
    for (guint i = 1; i <= n; i++)
        inverse[i] = 1.0 / i;
    Part whole = divide(distances, inverse, 0, n);
    g_array_append_val(parts, whole);
    for (;;) {
        guint best = 0;
        for (guint i = 1; i < parts->len; i++) {
            if (g_array_index(parts, Part, i).difference > g_array_index(parts, Part, best).difference)
                best = i;
        }
        Part part = g_array_index(parts, Part, best);
        const double *first = values + begin + part.begin, *second = values + begin + part.split;
        if (part.split == 0 ||
            cp_student_test(first, part.split - part.begin, second, part.end - part.split).p > CP_CHANGE_POINT_WEAK_P)
            return;
        g_array_append_val(points, ((CpChangePoint){ .index = begin + part.split }));
        Part after = divide(distances, inverse, part.split, part.end);
        g_array_index(parts, Part, best) = divide(distances, inverse, part.begin, part.split);
        g_array_append_val(parts, after);
    }
}

/* Sorts the points, and leaves out those that several windows have found. */
static void
sort_points(GArray *points)
{
    g_array_sort(points, compare_points);
    for (guint i = points->len; i-- > 1;) {
        if (g_array_index(points, CpChangePoint, i).index == g_array_index(points, CpChangePoint, i - 1).index)
            g_array_remove_index(points, i);
    }
}

/* Calculates the levels on both sides of a point. */
static void
measure(const double *values, guint n, GArray *points, guint i)
{
    CpChangePoint *point = &g_array_index(points, CpChangePoint, i);
    guint begin = i > 0 ? point[-1].index : 0, end = i + 1 < points->len ? point[1].index : n;
    CpStudentTest test =
        cp_student_test(values + begin, point->index - begin, values + point->index, end - point->index);
    point->before = test.mean_a;
    point->after = test.mean_b;
    point->p = test.p;
}

/* Moves points from `points` to `weak` until none is left that is weak. */
static void
take_weak(const double *values, guint n, GArray *points, GArray *weak)
{
    while (points->len > 0) {
        guint weakest = 0;
        for (guint i = 1; i < points->len; i++) {
            if (g_array_index(points, CpChangePoint, i).p > g_array_index(points, CpChangePoint, weakest).p)
                weakest = i;
        }
        CpChangePoint point = g_array_index(points, CpChangePoint, weakest);
        if (point.p < CP_CHANGE_POINT_P)
            return;
        g_array_append_val(weak, point);
        g_array_remove_index(points, weakest);
        if (weakest > 0)
            measure(values, n, points, weakest - 1);
        if (weakest < points->len)
            measure(values, n, points, weakest);
    }
}

GArray *
cp_change_points(const double *values, guint n)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(CpChangePoint));
    for (guint begin = 0; begin < n;) {
        guint known = points->len;
        add_window(values, begin, MIN(CP_CHANGE_POINT_WINDOW, n - begin), points);
        guint last = 0;
        for (guint i = known; i < points->len; i++)
            last = MAX(last, g_array_index(points, CpChangePoint, i).index);
        begin = MAX(last, begin + CP_CHANGE_POINT_WINDOW / 2);
    }
    sort_points(points);
    for (guint i = 0; i < points->len; i++)
        measure(values, n, points, i);

    g_autoptr(GArray) weak = g_array_new(FALSE, FALSE, sizeof(CpChangePoint));
    g_autoptr(GArray) all = g_array_copy(points);
    take_weak(values, n, points, weak);
    for (guint i = 0; i < weak->len; i++) {
        CpChangePoint *point =
            bsearch(&g_array_index(weak, CpChangePoint, i), all->data, all->len, sizeof(*point), compare_points);
        point->weak = TRUE;
        g_array_append_val(points, *point);
    }
    g_array_sort(points, compare_points);
    return points;
}
