/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/change-points.h: against sums over all pairs, and for series whose changes are known. */
#include "measure/change-points.h"

#include <math.h>
#include <string.h>

#include "measure/student.h"

/* How much the values from `begin` to `split` - 1 differ from those up to `end` - 1: the definition, pair by pair. */
static double
difference(const double *values, guint begin, guint split, guint end)
{
    double n = split - begin, m = end - split, between = 0, first = 0, second = 0;
    for (guint i = begin; i < end; i++) {
        for (guint j = i + 1; j < end; j++) {
            double distance = fabs(values[i] - values[j]);
            if (j < split)
                first += distance;
            else if (i >= split)
                second += distance;
            else
                between += distance;
        }
    }
    return 2 * n * m / (n + m) *
           (between / (n * m) - (n > 1 ? first / (n * (n - 1)) : 0) - (m > 1 ? second / (m * (m - 1)) : 0));
}

/* Finds the best split of the parts between the bounds; FALSE if there is none. */
static gboolean
best_split(const double *values, const GArray *bounds, guint *split, guint *part)
{
    double best = 1e-9;
    *split = *part = 0;
    for (guint i = 0; i + 1 < bounds->len; i++) {
        guint begin = g_array_index(bounds, guint, i), end = g_array_index(bounds, guint, i + 1);
        for (guint at = begin + 1; at < end; at++) {
            for (guint to = at + 1; to <= end; to++) {
                double found = difference(values, begin, at, to);
                if (found > best + 1e-9) {
                    best = found;
                    *split = at;
                    *part = i;
                }
            }
        }
    }
    return *split > 0;
}

/* All change points of one window, weak ones too. */
static void
slow_points(const double *values, guint n, GArray *bounds)
{
    guint zero = 0, split, part;
    g_array_append_val(bounds, zero);
    g_array_append_val(bounds, n);
    while (best_split(values, bounds, &split, &part)) {
        guint begin = g_array_index(bounds, guint, part), end = g_array_index(bounds, guint, part + 1);
        if (cp_student_test(values + begin, split - begin, values + split, end - split).p > CP_CHANGE_POINT_WEAK_P)
            break;
        g_array_insert_val(bounds, part + 1, split);
    }
}

/* A value with a normal distribution. */
static double
noise(GRand *random, double mean, double deviation)
{
    return mean + deviation * sqrt(-2 * log(1 - g_rand_double(random))) * cos(2 * G_PI * g_rand_double(random));
}

/* Series that fit into one window have the points that sums over all pairs give. */
static void
test_pairs(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    guint found = 0;
    for (guint round = 0; round < 600; round++) {
        double values[CP_CHANGE_POINT_WINDOW / 2], level = 100;
        guint n = g_rand_int_range(random, 1, G_N_ELEMENTS(values) + 1);
        for (guint i = 0; i < n; i++) {
            level +=
                g_rand_int_range(random, 0, 8) == 0 ? g_rand_int_range(random, -1, 2) * (round % 2 == 0 ? 5 : 20) : 0;
            values[i] = noise(random, level, 2);
        }
        g_autoptr(GArray) points = cp_change_points(values, n);
        g_autoptr(GArray) bounds = g_array_new(FALSE, FALSE, sizeof(guint));
        slow_points(values, n, bounds);
        g_assert_cmpuint(points->len + 2, ==, bounds->len);
        for (guint i = 0; i < points->len; i++)
            g_assert_cmpuint(g_array_index(points, CpChangePoint, i).index, ==, g_array_index(bounds, guint, i + 1));
        found += points->len;
    }
    g_assert_cmpuint(found, >, 300);
}

/* Asserts the indices of the points that are not weak, as text. */
static void
assert_points(const double *values, guint n, const char *expected)
{
    g_autoptr(GArray) points = cp_change_points(values, n);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < points->len; i++) {
        const CpChangePoint *point = &g_array_index(points, CpChangePoint, i);
        g_assert_true(point->weak || point->p < CP_CHANGE_POINT_P);
        if (!point->weak)
            g_string_append_printf(text, "%s%u", text->len > 0 ? " " : "", point->index);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

/* Fills in `n` values on levels that change at multiples of `step`. */
static void
fill(double *values, guint n, guint step, const double *levels, double deviation)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (guint i = 0; i < n; i++)
        values[i] = noise(random, levels[i / step], deviation);
}

static void
test_known(void)
{
    static const double up[] = { 100, 110 }, hump[] = { 100, 130, 100 }, stairs[] = { 100, 110, 120, 110, 90, 95 };
    double values[600];

    fill(values, 20, 10, up, 1);
    assert_points(values, 20, "10");
    fill(values, 30, 10, hump, 1);
    assert_points(values, 30, "10 20");
    fill(values, 600, 100, stairs, 1);
    assert_points(values, 600, "100 200 300 400 500");
    fill(values, 11, 10, up, 1);
    assert_points(values, 11, "10");
    fill(values, 600, 600, up, 1);
    assert_points(values, 600, "");
}

/* Without variance, one value on another level is a change; equal values are none, whatever rounding does. */
static void
test_constant(void)
{
    double values[200];
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        values[i] = 0.1;
    assert_points(values, 0, "");
    assert_points(values, 1, "");
    assert_points(values, G_N_ELEMENTS(values), "");
    values[CP_CHANGE_POINT_MIN_N - 1] = 0.3;
    assert_points(values, CP_CHANGE_POINT_MIN_N - 1, "");
    assert_points(values, CP_CHANGE_POINT_MIN_N, "2");
    values[CP_CHANGE_POINT_MIN_N - 1] = 0.1;
    values[199] = 0.3;
    assert_points(values, G_N_ELEMENTS(values), "199");
}

/* Levels and p are those between neighbours; a weak point has them, too. */
static void
test_levels(void)
{
    static const double values[] = { 1, 2, 3, 11, 12, 13, 11, 12, 13, 12, 14, 15 };
    g_autoptr(GArray) points = cp_change_points(values, G_N_ELEMENTS(values));
    g_assert_cmpuint(points->len, ==, 2);
    const CpChangePoint *strong = &g_array_index(points, CpChangePoint, 0), *weak = strong + 1;

    g_assert_cmpuint(strong->index, ==, 3);
    g_assert_false(strong->weak);
    g_assert_cmpfloat_with_epsilon(strong->before, 2, 1e-12);
    g_assert_cmpfloat_with_epsilon(strong->after, 113.0 / 9, 1e-12);
    g_assert_cmpfloat(strong->p, ==, cp_student_test(values, 3, values + 3, 9).p);
    g_assert_cmpuint(weak->index, ==, 10);
    g_assert_true(weak->weak);
    g_assert_cmpfloat_with_epsilon(weak->before, 12, 1e-12);
    g_assert_cmpfloat_with_epsilon(weak->after, 14.5, 1e-12);
    g_assert_cmpfloat(weak->p, ==, cp_student_test(values + 3, 7, values + 10, 2).p);
}

/* In how many of 1000 series a change is found: after 30 results there are `after` on a level that is higher by `shift` standard
 * deviations. It must be found at most 2 results from where it is. */
static guint
count_found(GRand *random, double shift, guint after)
{
    guint found = 0;
    for (guint round = 0; round < 1000; round++) {
        double values[60];
        gboolean hit = FALSE;
        for (guint i = 0; i < 30 + after; i++)
            values[i] = noise(random, i < 30 ? 100 : 100 + shift, 1);
        g_autoptr(GArray) points = cp_change_points(values, 30 + after);
        for (guint i = 0; i < points->len; i++) {
            const CpChangePoint *point = &g_array_index(points, CpChangePoint, i);
            hit |= !point->weak && point->index >= 28 && point->index <= 32;
        }
        found += hit;
    }
    return found;
}

/* The first table of docs/history.md. */
static void
test_power(void)
{
    static const guint after[] = { 1, 2, 3, 5, 10, 20 };
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    guint found[5][G_N_ELEMENTS(after)];
    for (guint shift = 1; shift <= G_N_ELEMENTS(found); shift++) {
        g_autoptr(GString) row = g_string_new(NULL);
        for (gsize i = 0; i < G_N_ELEMENTS(after); i++) {
            found[shift - 1][i] = count_found(random, shift, after[i]);
            g_string_append_printf(row, " %.1f %% |", found[shift - 1][i] / 10.0);
        }
        g_test_message("| %u |%s", shift, row->str);
    }
    g_assert_cmpuint(found[4][2], >=, 950);
    g_assert_cmpuint(found[2][3], >=, 950);
    g_assert_cmpuint(found[1][4], >=, 850);
}

/* The second: in how many of 1000 series without a change one is found. */
static void
test_false_alarms(void)
{
    static const struct {
        guint n, most;
    } cases[] = { { 20, 35 }, { 50, 40 }, { 365, 180 } };
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint found = 0;
        for (guint round = 0; round < 1000; round++) {
            double values[365];
            gboolean hit = FALSE;
            for (guint v = 0; v < cases[i].n; v++)
                values[v] = noise(random, 100, 1);
            g_autoptr(GArray) points = cp_change_points(values, cases[i].n);
            for (guint p = 0; p < points->len; p++)
                hit |= !g_array_index(points, CpChangePoint, p).weak;
            found += hit;
        }
        g_test_message("| %u | %.1f %% |", cases[i].n, found / 10.0);
        g_assert_cmpuint(found, <=, cases[i].most);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/change-points/pairs", test_pairs);
    g_test_add_func("/change-points/known", test_known);
    g_test_add_func("/change-points/constant", test_constant);
    g_test_add_func("/change-points/levels", test_levels);
    g_test_add_func("/change-points/power", test_power);
    g_test_add_func("/change-points/false-alarms", test_false_alarms);
    return g_test_run();
}
