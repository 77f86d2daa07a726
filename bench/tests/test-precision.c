/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/precision.h. */
#include "measure/precision.h"

#include <glib.h>

#define MS 1000000

/* Tells the precision of a round of a variant, with two reads of line 4 in it. Returns what it says at the end. */
static gboolean
take_round(CpPrecision *precision, const char *variant, gint64 round, gint64 ns, CpEventType how)
{
    g_autoptr(CpEvent) begin = cp_event_new(CP_EVENT_ROUND), read = cp_event_new(CP_EVENT_READ),
                       end = cp_event_new(how);
    begin->scenario = g_strdup("s");
    begin->variant = g_strdup(variant);
    begin->round = round;
    read->line = 4;
    read->name = g_strdup("read");
    read->answer = g_strdup("a");
    read->end_ns = ns;
    cp_precision_take(begin, precision);
    cp_precision_take(read, precision);
    cp_precision_take(read, precision);
    return cp_precision_take(end, precision);
}

/* Returns after how many rounds it is enough, with noise of up to that part of 100 ms. */
static gint64
rounds_with(CpPrecision *precision, double noise, CpEventType how)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (gint64 round = 1; round <= 1000; round++) {
        gint64 a = (100 + 100 * noise * g_rand_double(random)) * MS,
               b = (100 + 100 * noise * g_rand_double(random)) * MS;
        /* One round that does not count, and is run again. */
        if (round == 3)
            take_round(precision, "x", round, 900000 * (gint64)MS, CP_EVENT_UNTESTABLE);
        take_round(precision, "x", round, a, how);
        if (take_round(precision, "y", round, b, how))
            return round;
    }
    return 0;
}

static void
test_enough(void)
{
    static const struct {
        double noise;
        gint64 least, most;
        gboolean reached;
    } cases[] = { { 0.01, 20, 20, TRUE }, { 0.1, 50, 150, TRUE }, { 0.9, 20, 20, FALSE } };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpPrecision) precision = cp_precision_new(0.02, 300);
        gint64 rounds = rounds_with(precision, cases[i].noise, CP_EVENT_ROUND_END);
        gsize needed;
        g_assert_cmpint(rounds, >=, cases[i].least);
        g_assert_cmpint(rounds, <=, cases[i].most);
        g_assert_cmpint(rounds % 2, ==, 0);
        g_assert_cmpint(cp_precision_is_reached(precision, &needed), ==, cases[i].reached);
        g_assert_cmpint(needed > 300, ==, !cases[i].reached);
    }
}

/* Without samples it is never enough. */
static void
test_nothing(void)
{
    g_autoptr(CpPrecision) precision = cp_precision_new(0.02, 300);
    gsize needed;
    g_assert_cmpint(rounds_with(precision, 0.01, CP_EVENT_UNTESTABLE), ==, 0);
    g_assert_false(cp_precision_is_reached(precision, &needed));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/precision/enough", test_enough);
    g_test_add_func("/precision/nothing", test_nothing);
    return g_test_run();
}
