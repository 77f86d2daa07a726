/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "measure/statistics.h"

#include <math.h>

typedef struct {
    const char *name;
    const gint64 *samples;
    gsize n;
    double figures[8]; /* as in names[] */
} Expected;

#include "statistics.expected"

static const char *const names[] = { "min", "max", "median", "p90", "p99", "mad", "low", "high" };

static void
test_summary(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const Expected *set = &expected[i];
        CpSummary got = cp_summarize(set->samples, set->n);
        const double figures[] = { got.min, got.max, got.median, got.p90, got.p99, got.mad, got.low, got.high };

        g_assert_cmpuint(got.n, ==, set->n);
        g_assert_cmpint(got.interval, ==, set->n >= CP_INTERVAL_MIN_N);
        for (gsize f = 0; f < G_N_ELEMENTS(figures); f++) {
            g_test_message("%s of %s", names[f], set->name);
            g_assert_cmpfloat_with_epsilon(figures[f], set->figures[f], 1e-12 * fabs(set->figures[f]) + 1e-12);
        }
    }
}

static void
test_empty(void)
{
    CpSummary got = cp_summarize(NULL, 0);
    g_assert_cmpuint(got.n, ==, 0);
    g_assert_false(got.interval);
    g_assert_cmpfloat(got.min + got.max + got.median + got.p90 + got.p99 + got.mad + got.low + got.high, ==, 0);
}

static void
test_rank(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ranks); i++) {
        g_test_message("n = %zu", i + 1);
        g_assert_cmpuint(cp_median_rank(i + 1), ==, ranks[i]);
        g_assert_cmpint(ranks[i] > 0, ==, i + 1 >= CP_INTERVAL_MIN_N);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(far_ranks); i++)
        g_assert_cmpuint(cp_median_rank(far_ranks[i][0]), ==, far_ranks[i][1]);
}

static void
test_quantile(void)
{
    static const double sorted[] = { 1, 2, 4, 8, 16 };
    static const struct {
        gsize n;
        double p, value;
    } cases[] = {
        { 5, 0, 1 },    { 5, 1, 16 }, { 5, 0.25, 2 }, { 5, 0.5, 4 },   { 5, 0.625, 6 },
        { 1, 0.99, 1 }, { 1, 0, 1 },  { 1, 1, 1 },    { 2, 0.5, 1.5 }, { 2, 1, 2 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpfloat(cp_quantile(sorted, cases[i].n, cases[i].p), ==, cases[i].value);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/summary", test_summary);
    g_test_add_func("/statistics/empty", test_empty);
    g_test_add_func("/statistics/rank", test_rank);
    g_test_add_func("/statistics/quantile", test_quantile);
    return g_test_run();
}
