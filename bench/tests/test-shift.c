/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/shift.h, against the figures of R. */
#include "measure/shift.h"

#include <math.h>

typedef struct {
    const char *name;
    const double *values;
    gsize n;
    double figures[4]; /* shift, low, high, p */
} Pairs;

typedef struct {
    const char *name;
    const double *a;
    gsize n;
    const double *b;
    gsize m;
    double figures[5]; /* shift, low, high, p, Cliff's delta */
} Groups;

typedef struct {
    gsize n;
    double p[6], adjusted[6];
} Holm;

#include "shift.expected"

static void
assert_near(double got, double expected)
{
    g_assert_cmpfloat_with_epsilon(got, expected, 1e-9 * fabs(expected) + 1e-15);
}

static void
assert_shift(const CpShift *got, const double *figures)
{
    assert_near(got->shift, figures[0]);
    assert_near(got->low, figures[1]);
    assert_near(got->high, figures[2]);
    assert_near(got->p, figures[3]);
}

static void
test_pairs(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_test_message("%s", pairs[i].name);
        CpShift got = cp_shift_of_pairs(pairs[i].values, pairs[i].n);
        assert_shift(&got, pairs[i].figures);
        g_assert_cmpint(got.interval, ==, pairs[i].n >= 6);
    }
}

static void
test_groups(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        const Groups *set = &groups[i];
        g_test_message("%s", set->name);
        CpShift got = cp_shift_of_groups(set->a, set->n, set->b, set->m);
        assert_shift(&got, set->figures);
        assert_near(cp_cliffs_delta(set->a, set->n, set->b, set->m), set->figures[4]);
        g_assert_cmpint(got.interval, ==, set->n > 3);

        /* The other way round, everything changes its sign. */
        CpShift back = cp_shift_of_groups(set->b, set->m, set->a, set->n);
        double figures[] = { -got.shift, -got.high, -got.low, got.p };
        assert_shift(&back, figures);
    }
}

static void
test_holm(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(holm); i++) {
        g_autofree double *p = g_memdup2(holm[i].p, sizeof(holm[i].p));
        cp_holm(p, holm[i].n);
        for (gsize k = 0; k < holm[i].n; k++)
            assert_near(p[k], holm[i].adjusted[k]);
    }
    cp_holm(NULL, 0);
}

static void
test_quantile(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(quantiles); i++)
        g_assert_cmpfloat_with_epsilon(cp_normal_quantile(quantiles[i][0]), quantiles[i][1], 1e-9);
}

/* The largest values that a result can hold do no harm. */
static void
test_extremes(void)
{
    static const double values[] = { -9.2e18, 9.2e18, 9.2e18, 0, 0, 9.2e18, 1, 0.5 };
    CpShift pairs_shift = cp_shift_of_pairs(values, 8), groups_shift = cp_shift_of_groups(values, 4, values + 4, 4);
    g_assert_true(pairs_shift.low <= pairs_shift.shift && pairs_shift.shift <= pairs_shift.high);
    g_assert_true(groups_shift.low <= groups_shift.shift && groups_shift.shift <= groups_shift.high);
}

/* A hundred thousand values take no square of their number: neither time nor memory. */
static void
test_many(void)
{
    gsize n = 100000;
    g_autofree double *a = g_new(double, n), *b = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        a[i] = i;
        b[i] = i + 1000;
    }
    CpShift got = cp_shift_of_groups(a, n, b, n);
    g_assert_cmpfloat(got.shift, ==, 1000);
    g_assert_true(got.low < 1000 && got.high > 1000 && got.low > 500 && got.high < 1500);
    g_assert_cmpfloat(cp_shift_of_pairs(a, n).shift, ==, (n - 1) / 2.0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shift/pairs", test_pairs);
    g_test_add_func("/shift/groups", test_groups);
    g_test_add_func("/shift/holm", test_holm);
    g_test_add_func("/shift/quantile", test_quantile);
    g_test_add_func("/shift/extremes", test_extremes);
    g_test_add_func("/shift/many", test_many);
    return g_test_run();
}
