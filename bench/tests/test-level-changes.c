/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/level-changes.h. */
#include "measure/level-changes.h"

#include <math.h>

#define STEP 10

/* Asserts what becomes of the changes of a series whose level changes every STEP values: "stands 10", "went 10 20". */
static void
assert_fates(const double *levels, guint n_levels, const char *expected)
{
    static const char *const fates[] = { "stands", "went", "returns" };
    static const double noise[STEP] = { 0.3, -0.7, 0.4, 0.9, -0.5, 0.1, -0.8, 0.6, -0.4, 0.1 };
    g_autoptr(GString) text = g_string_new(NULL);
    double values[100];
    for (guint i = 0; i < n_levels * STEP; i++)
        values[i] = levels[i / STEP] + noise[i % STEP];
    g_autoptr(GArray) changes = cp_level_changes(values, n_levels * STEP);
    for (guint i = 0; i < changes->len; i++) {
        const CpLevelChange *change = &g_array_index(changes, CpLevelChange, i);
        g_string_append_printf(text, "%s%s%s %u", text->len > 0 ? ", " : "", change->point.weak ? "weak " : "",
                               fates[change->fate], change->point.index);
        if (change->fate != CP_FATE_STANDS)
            g_string_append_printf(text, " %u", change->other);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_fates(void)
{
    static const struct {
        double levels[6];
        guint n;
        const char *expected;
    } cases[] = {
        { { 100 }, 1, "" },
        { { 100, 110 }, 2, "stands 10" },
        { { 100, 110, 120 }, 3, "stands 10, stands 20" },
        { { 100, 130, 100 }, 3, "went 10 20, returns 20 10" },
        { { 100, 70, 100 }, 3, "went 10 20, returns 20 10" },
        { { 100, 130, 100, 130 }, 4, "went 10 20, returns 20 10, stands 30" },
        { { 100, 130, 160, 100 }, 4, "went 10 30, went 20 30, returns 30 10" },
        { { 100, 130, 100, 130, 100 }, 5, "went 10 20, returns 20 10, went 30 40, returns 40 30" },
        { { 100, 130, 160, 130, 160 }, 5, "stands 10, went 20 30, returns 30 20, stands 40" },
        { { 100, 130, 160, 130, 100, 110 }, 6, "went 10 40, went 20 40, went 30 40, returns 40 10, stands 50" },
        /* Most of it has gone, but not all. */
        { { 100, 130, 108 }, 3, "stands 10, stands 20" },
        /* Nearer to the level after the change than to that before it. */
        { { 100, 130, 120 }, 3, "stands 10, stands 20" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        assert_fates(cases[i].levels, cases[i].n, cases[i].expected);
    }
}

static void
test_weak(void)
{
    static const double values[] = { 1, 2, 3, 11, 12, 13, 11, 12, 13, 12, 14, 15 };
    g_autoptr(GArray) changes = cp_level_changes(values, G_N_ELEMENTS(values));
    g_assert_cmpuint(changes->len, ==, 2);
    const CpLevelChange *weak = &g_array_index(changes, CpLevelChange, 1);
    g_assert_true(weak->point.weak);
    g_assert_cmpint(weak->fate, ==, CP_FATE_STANDS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/level-changes/fates", test_fates);
    g_test_add_func("/level-changes/weak", test_weak);
    return g_test_run();
}
