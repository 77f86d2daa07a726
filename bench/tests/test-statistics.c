/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/statistics.h, against the figures of R. */
#include "measure/statistics.h"

#include <math.h>

#include "measure/bootstrap.h"

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

/* The percentiles are those of R's pnorm(-sqrt(n / (n - 1)) * qt(0.975, n - 1)). */
static void
test_percentile(void)
{
    static const struct {
        guint n;
        double percentile;
    } cases[] = { { 6, 0.0024318031746 }, { 9, 0.0072248192232 }, { 15, 0.0132071731268 }, { 101, 0.0230833119922 } };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpfloat_with_epsilon(cp_bootstrap_percentile(cases[i].n), cases[i].percentile, 1e-5);
}

/* The ends are known from all 6^6 = 46656 resamples: 0.3 % of their medians are at most 11, and none is less; 98.7 % are
 * less than 40, and 0.002 % are more. */
static void
test_rounds(void)
{
    static const gint64 samples[] = { 33, 30, 20, 15, 10, 40, 12, 21, 5, 41, 34, 11, 25, 35, 42, 26, 36, 37 };
    static const gint64 rounds[] = { 9, 4, 2, 3, 1, 3, 1, 2, 7, 3, 9, 1, 7, 9, 3, 7, 9, 9 };
    CpSummary plain = cp_summarize(samples, G_N_ELEMENTS(samples)),
              got = cp_summarize_rounds(samples, rounds, G_N_ELEMENTS(samples)),
              again = cp_summarize_rounds(samples, rounds, G_N_ELEMENTS(samples));

    g_assert_true(got.interval);
    g_assert_cmpuint(got.rounds, ==, 6);
    g_assert_cmpfloat(got.low, ==, 11);
    g_assert_cmpfloat(got.high, ==, 40);
    g_assert_cmpfloat(again.low, ==, got.low);
    g_assert_cmpfloat(again.high, ==, got.high);

    g_assert_cmpfloat(plain.low, ==, 15);
    g_assert_cmpfloat(plain.high, ==, 36);
    g_assert_cmpfloat(got.median, ==, plain.median);
    g_assert_cmpfloat(got.mad, ==, plain.mad);
    g_assert_cmpfloat(got.p99, ==, plain.p99);

    /* Without round 4 there are too few. */
    gint64 fewer[G_N_ELEMENTS(rounds)];
    for (gsize i = 0; i < G_N_ELEMENTS(rounds); i++)
        fewer[i] = rounds[i] == 4 ? 2 : rounds[i];
    got = cp_summarize_rounds(samples, fewer, G_N_ELEMENTS(samples));
    g_assert_false(got.interval);
    g_assert_cmpuint(got.rounds, ==, 5);
    g_assert_cmpfloat(got.low + got.high, ==, 0);
}

/* If all samples of a round are the same, it does not matter how many there are: the interval is as wide as that of one per
 * round. */
static void
test_rounds_of_one_value(void)
{
    static const guint sizes[] = { 7, 9, 15 };
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree gint64 *values = g_new(gint64, sizes[i]), *samples = g_new(gint64, sizes[i] * 20),
                          *rounds = g_new(gint64, sizes[i] * 20);
        for (guint round = 0; round < sizes[i]; round++) {
            values[round] = round * round;
            for (guint n = 0; n < 20; n++) {
                samples[n * sizes[i] + round] = values[round];
                rounds[n * sizes[i] + round] = round;
            }
        }
        CpSummary one = cp_summarize_rounds(values, rounds, sizes[i]),
                  many = cp_summarize_rounds(samples, rounds, sizes[i] * 20), plain = cp_summarize(values, sizes[i]);
        g_assert_cmpfloat(one.low, ==, plain.low);
        g_assert_cmpfloat(one.high, ==, plain.high);
        g_assert_cmpuint(many.rounds, ==, sizes[i]);
        g_assert_cmpfloat(many.low, ==, one.low);
        g_assert_cmpfloat(many.high, ==, one.high);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/summary", test_summary);
    g_test_add_func("/statistics/empty", test_empty);
    g_test_add_func("/statistics/percentile", test_percentile);
    g_test_add_func("/statistics/rounds", test_rounds);
    g_test_add_func("/statistics/rounds-of-one-value", test_rounds_of_one_value);
    g_test_add_func("/statistics/rank", test_rank);
    g_test_add_func("/statistics/median", test_median);
    g_test_add_func("/statistics/quantile", test_quantile);
    g_test_add_func("/statistics/rank-test", test_rank_test);
    g_test_add_func("/statistics/rank-test-all-groupings", test_rank_test_all_groupings);
    return g_test_run();
}
