/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/statistics.h, against the figures of R. */
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
test_median(void)
{
    static const double values[] = { 8, 1, 16, 2, 4 };

    g_assert_cmpfloat(cp_median(values, 1), ==, 8);
    g_assert_cmpfloat(cp_median(values, 4), ==, 5);
    g_assert_cmpfloat(cp_median(values, 5), ==, 4);
    g_assert_cmpfloat(values[0], ==, 8);
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

/* Values without ties: u and p are R's W and exact two-sided p of wilcox.test(). */
static void
test_rank_test(void)
{
    static const double low[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, high[] = { 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };
    static const double mixed[] = { 0.5, 11.5, 2.5, 30 };
    CpRankTest got = cp_rank_test(low, 3, high, 3);

    g_assert_cmpfloat(got.u, ==, 0);
    g_assert_cmpfloat_with_epsilon(got.p, 0.1, 1e-12);
    g_assert_cmpfloat(got.a12, ==, 0);
    got = cp_rank_test(high, 10, low, 10);
    g_assert_cmpfloat(got.u, ==, 100);
    g_assert_cmpfloat_with_epsilon(got.p, 1.0825088224469026e-05, 1e-15);
    g_assert_cmpfloat(got.a12, ==, 1);
    got = cp_rank_test(mixed, 4, low, 10);
    g_assert_cmpfloat(got.u, ==, 22);
    g_assert_cmpfloat(got.a12, ==, 0.55);
}

/* Values with ties: p is compared with a plain count of all groupings. */
static void
test_rank_test_all_groupings(void)
{
    static const double values[] = { 1, 1, 1, 2, 3, 3, 4, 60, 60, 60, 60 };
    gsize all = G_N_ELEMENTS(values);

    for (gsize n = 1; n < all; n++) {
        double middle = n * (all - n) / 2.0, total = 0, extreme = 0;
        CpRankTest got = cp_rank_test(values, n, values + n, all - n);

        for (guint first = 0; first < 1u << all; first++) {
            gsize size = 0;
            double u = 0;
            for (gsize i = 0; i < all; i++) {
                if (!(first >> i & 1))
                    continue;
                size++;
                for (gsize j = 0; j < all; j++) {
                    if (!(first >> j & 1))
                        u += values[i] > values[j] ? 1 : values[i] == values[j] ? 0.5 : 0;
                }
            }
            if (size == n) {
                total++;
                extreme += fabs(u - middle) >= fabs(got.u - middle);
            }
        }
        g_test_message("%zu against %zu", n, all - n);
        g_assert_cmpfloat_with_epsilon(got.p, extreme / total, 1e-12);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/summary", test_summary);
    g_test_add_func("/statistics/empty", test_empty);
    g_test_add_func("/statistics/rank", test_rank);
    g_test_add_func("/statistics/median", test_median);
    g_test_add_func("/statistics/quantile", test_quantile);
    g_test_add_func("/statistics/rank-test", test_rank_test);
    g_test_add_func("/statistics/rank-test-all-groupings", test_rank_test_all_groupings);
    return g_test_run();
}
