/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/comparison.h. */
#include "measure/comparison.h"

#include <math.h>

#include "helper.h"
#include "made-result.h"

static const CpComparisonRule rule = CP_COMPARISON_RULE;

/* Compares a line of 100 ms with one of `ns`, both with noise. */
static CpComparison *
compare_times(CpResult *result, gint64 rounds, gint64 ns, gint64 noise_ns, CpComparisonRule with)
{
    made_samples(made_scenario(result, "s", "old", rounds), 100 * MS, noise_ns, 1);
    made_samples(made_scenario(result, "s", "new", rounds), ns, noise_ns, 2);
    return compare_variants(result, with);
}

static void
test_changes(void)
{
    static const struct {
        gint64 rounds, ns, noise_ns;
        double threshold;
        CpChange change;
        CpOverall overall;
    } cases[] = {
        { 20, 100 * MS, 1 * MS, 0, CP_CHANGE_UNCHANGED, CP_OVERALL_UNCHANGED },
        { 20, 105 * MS, 1 * MS, 0, CP_CHANGE_SLOWER, CP_OVERALL_REGRESSED },
        { 20, 95 * MS, 1 * MS, 0, CP_CHANGE_FASTER, CP_OVERALL_IMPROVED },
        { 20, 100 * MS, 60 * MS, 0, CP_CHANGE_INCONCLUSIVE, CP_OVERALL_INCONCLUSIVE },
        /* Slower, but by less than matters; and by as much, so that nobody can tell. */
        { 20, 103 * MS, 1 * MS, 0.05, CP_CHANGE_UNCHANGED, CP_OVERALL_UNCHANGED },
        { 20, 105 * MS, 1 * MS, 0.05, CP_CHANGE_INCONCLUSIVE, CP_OVERALL_INCONCLUSIVE },
        { 20, 107 * MS, 1 * MS, 0.05, CP_CHANGE_SLOWER, CP_OVERALL_REGRESSED },
        { 20, 93 * MS, 1 * MS, 0.05, CP_CHANGE_FASTER, CP_OVERALL_IMPROVED },
        /* Too few rounds for an interval, however large the difference. */
        { 11, 900 * MS, 1 * MS, 0, CP_CHANGE_INCONCLUSIVE, CP_OVERALL_INCONCLUSIVE },
        { 12, 900 * MS, 1 * MS, 0, CP_CHANGE_SLOWER, CP_OVERALL_REGRESSED },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = made_variants();
        CpComparisonRule with = rule;
        with.threshold = cases[i].threshold;
        g_test_message("case %zu", i);
        g_autoptr(CpComparison) comparison =
            compare_times(result, cases[i].rounds, cases[i].ns, cases[i].noise_ns, with);
        g_assert_cmpstr(cp_change_name(line_of(comparison, 0)->change), ==, cp_change_name(cases[i].change));
        g_assert_cmpstr(cp_overall_name(comparison->overall), ==, cp_overall_name(cases[i].overall));
        g_assert_cmpint(cp_comparison_alarms(comparison, NULL), ==, cases[i].change == CP_CHANGE_SLOWER);
    }
}

static void
test_figures(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 14), *b = made_scenario(result, "s", "new", 14);
    /* The mean of block k on either side, which one round is below and one above. */
    static const gint64 of_a[] = { 100, 102, 98, 101, 99, 103, 97 }, of_b[] = { 110, 111, 108, 114, 107, 112, 109 };
    for (gint64 i = 0; i < 14; i++) {
        /* Rounds in any order; the median of three samples is that of the round. */
        gint64 round = (i * 3) % 14 + 1, block = (round - 1) / 2, off = round % 2 == 0 ? 4 : -4;
        made_sample(a, round, of_a[block] + off);
        made_sample(b, round, 1);
        made_sample(b, round, of_b[block] - 2 * off);
        made_sample(b, round, 1000);
    }
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    const CpComparedLine *line = line_of(comparison, 0);

    g_assert_cmpstr(comparison->name_a, ==, "old");
    g_assert_cmpstr(comparison->name_b, ==, "new");
    g_assert_true(comparison->paired);
    g_assert_cmpuint(line->pairs, ==, 7);
    g_assert_cmpuint(line->a.samples, ==, 14);
    g_assert_cmpuint(line->b.samples, ==, 42);
    g_assert_cmpuint(line->b.rounds, ==, 14);
    g_assert_cmpfloat(line->a.median, ==, 100);
    /* wilcox.test(b, a, paired = TRUE): the differences are 10 9 10 13 8 9 12, the interval has their means of rank 3. */
    g_assert_cmpfloat(line->shift, ==, 10);
    g_assert_cmpfloat(line->shift_low, ==, 8.5);
    g_assert_cmpfloat(line->shift_high, ==, 12);
    g_assert_cmpfloat_with_epsilon(line->ratio, 0.1, 1e-12);
    g_assert_cmpfloat_with_epsilon(line->p, 0.015625, 1e-12);
    g_assert_cmpfloat(line->delta, >, 0);
    g_assert_cmpstr(line->label, ==, "l");
}

/* Costs are compared as times are, each by itself, and decide nothing. What one side does not know is not compared. */
static void
test_costs(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 14), *b = made_scenario(result, "s", "new", 14);
    for (gint64 round = 1; round <= 14; round++) {
        made_sample(a, round, 100 * MS + round);
        made_cost(a, CP_COST_LIBVIRT_CPU, 10 * MS + round);
        made_cost(a, CP_COST_LIBVIRT_INSTRUCTIONS, 1000000 + round);
        made_cost(a, CP_COST_EMULATOR_INSTRUCTIONS, 5);
        made_sample(b, round, 100 * MS + round);
        made_cost(b, CP_COST_LIBVIRT_CPU, 10 * MS + round);
        made_cost(b, CP_COST_LIBVIRT_INSTRUCTIONS, 1002000 + round);
    }
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    static const CpChange expected[] = { CP_CHANGE_UNCHANGED, CP_CHANGE_LAST, CP_CHANGE_SLOWER, CP_CHANGE_LAST };
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++) {
        g_assert_cmpuint(comparison->costs[cost]->len, ==, expected[cost] != CP_CHANGE_LAST);
        if (comparison->costs[cost]->len > 0)
            g_assert_cmpint(g_array_index(comparison->costs[cost], CpComparedLine, 0).change, ==, expected[cost]);
    }
    const CpComparedLine *line = &g_array_index(comparison->costs[CP_COST_LIBVIRT_INSTRUCTIONS], CpComparedLine, 0);
    g_assert_cmpfloat(line->shift, ==, 2000);
    g_assert_cmpfloat_with_epsilon(line->ratio, 0.002, 1e-6);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_UNCHANGED);
    g_assert_false(cp_comparison_alarms(comparison, NULL));
}

/* Blocks that are not complete on both sides are of no pair, and a line that only one side has is missed. */
static void
test_missing(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 19), *b = made_scenario(result, "s", "new", 19);
    /* Rounds 1 to 19, and 2 to 21 without 12: the blocks of 3 to 10 and 13 to 18 are complete. */
    for (gint64 round = 1; round <= 19; round++)
        made_sample(a, round, 100 * MS + round);
    for (gint64 round = 2; round <= 21; round++) {
        if (round != 12)
            made_sample(b, round, 100 * MS + round);
    }
    cp_scenario_result_add_sample(a, (CpSample){ .round = 1, .line = 5, .ns = 5, .verdict = CP_VERDICT_FRESH });
    made_scenario(result, "t", "old", 3);
    made_scenario(result, "t", "new", 0);
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_assert_cmpuint(line_of(comparison, 0)->pairs, ==, 7);
    g_assert_cmpfloat(line_of(comparison, 0)->shift, ==, 0);
    g_assert_cmpuint(comparison->lines->len, ==, 1);
    g_assert_cmpuint(comparison->notes->len, ==, 2);
    g_assert_cmpstr(comparison->notes->pdata[0], ==, "t: new has no complete round of it");
    g_assert_cmpstr(comparison->notes->pdata[1], ==, "s:5: new has no fresh samples of it");
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_INCONCLUSIVE);
}

/* The more lines, the less likely it must be that one of them differs by chance. */
static void
test_holm(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 14), *b = made_scenario(result, "s", "new", 14);
    made_samples(a, 100 * MS, MS, 1);
    made_samples(b, 110 * MS, MS, 2);
    for (int i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("other%d", i);
        made_samples(made_scenario(result, name, "old", 14), 100 * MS, MS, 3 + i);
        made_samples(made_scenario(result, name, "new", 14), 100 * MS, MS, 7 + i);
    }
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    const CpComparedLine *line = line_of(comparison, 0);
    g_assert_cmpfloat_with_epsilon(line->p, 1 / 64.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(line->p_holm, 4 / 64.0, 1e-12);
    g_assert_cmpint(line->change, ==, CP_CHANGE_INCONCLUSIVE);
    /* No difference could have been seen: eight blocks are needed for a probability below 0.05 / 4. */
    g_assert_true(isinf(line->visible));
    g_assert_cmpuint(line->rounds_needed, ==, 16);
}

static void
test_floor(void)
{
    g_autoptr(CpResult) result = made_variants();
    g_autoptr(CpComparison) comparison = compare_times(result, 20, 103 * MS, 1 * MS, rule);
    double visible = line_of(comparison, 0)->visible;
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_REGRESSED);
    g_assert_cmpfloat(visible, <, 0.01);
    cp_comparison_set_floor(comparison, "s", 5, 0.5);
    cp_comparison_set_floor(comparison, "t", 4, 0.5);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_REGRESSED);
    cp_comparison_set_floor(comparison, "s", 4, 0.04);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_UNCHANGED);
    g_assert_cmpfloat(line_of(comparison, 0)->visible, >, 0.04);
    /* What matters is below the floor: no number of rounds would do. */
    cp_comparison_set_floor(comparison, "s", 4, 0.06);
    g_assert_cmpuint(line_of(comparison, 0)->rounds_needed, ==, 0);

    /* What is slower by more than matters is not unchanged because the machine is noisy. */
    g_autoptr(CpResult) slow = made_variants();
    g_autoptr(CpComparison) noisy = compare_times(slow, 20, 110 * MS, 1 * MS, rule);
    cp_comparison_set_floor(noisy, "s", 4, 0.2);
    g_assert_cmpint(noisy->overall, ==, CP_OVERALL_INCONCLUSIVE);
}

static void
test_rounds_needed(void)
{
    g_autoptr(CpResult) result = made_variants();
    g_autoptr(CpComparison) comparison = compare_times(result, 20, 100 * MS, 40 * MS, rule);
    const CpComparedLine *line = line_of(comparison, 0);
    g_assert_cmpint(line->change, ==, CP_CHANGE_INCONCLUSIVE);
    g_assert_true(cp_comparison_least_visible(comparison) == line);
    g_assert_cmpfloat(line->visible, >, 0.05);
    /* The error shrinks with the root of the number of rounds. */
    g_assert_cmpfloat_with_epsilon(line->rounds_needed, 20 * pow(line->visible / 0.05, 2), 2);
}

static void
test_warm_up(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 20), *b = made_scenario(result, "s", "new", 20);
    for (gint64 round = 1; round <= 20; round++) {
        made_sample(a, round, (round <= 2 ? 150 : 100) * MS + round % 3);
        made_sample(b, round, (round == 9 ? 150 : 100) * MS + round % 3);
    }
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_assert_cmpuint(line_of(comparison, 0)->a.warm_up, ==, 2);
    g_assert_cmpuint(line_of(comparison, 0)->b.warm_up, ==, 0);
}

/* --- two results --- */

/* A result with three scenarios whose times are the given ones. */
static CpResult *
result_with(const char *cpu, gint64 first_ns, gint64 second_ns, gint64 third_ns, guint32 seed)
{
    CpResult *result = made_result(cpu);
    made_samples(made_scenario(result, "s", NULL, 20), first_ns, MS, seed);
    made_samples(made_scenario(result, "t", NULL, 20), second_ns, MS, seed + 1);
    made_samples(made_scenario(result, "u", NULL, 20), third_ns, MS, seed + 2);
    return result;
}

static CpComparison *
compare_results(const CpResult *a, const CpResult *b, guint allowed, GError **error)
{
    return cp_comparison_new((CpCompared){ a, NULL }, (CpCompared){ b, NULL }, rule, allowed, error);
}

static void
test_machine(void)
{
    g_autoptr(CpResult) base = result_with("some CPU", 100 * MS, 200 * MS, 300 * MS, 1),
                        all = result_with("some CPU", 110 * MS, 220 * MS, 330 * MS, 11),
                        one = result_with("some CPU", 110 * MS, 200 * MS, 300 * MS, 21),
                        apart = result_with("some CPU", 110 * MS, 180 * MS, 330 * MS, 31);
    const struct {
        const CpResult *result;
        CpOverall overall;
    } cases[] = { { all, CP_OVERALL_MACHINE }, { one, CP_OVERALL_REGRESSED }, { apart, CP_OVERALL_REGRESSED } };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpComparison) comparison = compare_results(base, cases[i].result, 0, NULL);
        g_assert_false(comparison->paired);
        g_assert_cmpint(comparison->overall, ==, cases[i].overall);
        g_assert_cmpint(line_of(comparison, 0)->change, ==, CP_CHANGE_SLOWER);
    }
    /* A wrong read is not of the machine. */
    made_problems(all->scenarios->pdata[0], 4, "stale", 1);
    g_autoptr(CpComparison) comparison = compare_results(base, all, 0, NULL);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_REGRESSED);
}

static void
test_incomparable(void)
{
    g_autoptr(CpResult) a = result_with("some CPU", MS, MS, MS, 1), b = result_with("another", MS, MS, MS, 5);
    g_autoptr(GError) error = NULL;
    g_assert_null(compare_results(a, b, 0, &error));
    assert_refused(&error,
                   "cannot be compared: the CPU differs: 'some CPU' and 'another' (--allow cpu compares nevertheless)");
    g_assert_null(compare_results(a, b, CP_SAME_KVM | CP_SAME_SCENARIO, &error));
    g_clear_error(&error);
    g_autoptr(CpComparison) comparison = compare_results(a, b, CP_SAME_CPU, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(comparison->notes->pdata[0], ==, "the CPU differs: 'some CPU' and 'another'");

    json_object_set_string_member(b->environment, "kvm", "usable");
    g_assert_null(compare_results(a, b, CP_SAME_CPU, &error));
    assert_refused(&error, "cannot be compared: the KVM differs: 'absent' and 'usable'");
    json_object_set_string_member(b->environment, "kvm", "absent");

    CpScenarioResult *of_a = a->scenarios->pdata[1], *of_b = b->scenarios->pdata[1];
    of_a->digest = g_strdup("1");
    g_assert_nonnull(comparison);
    of_b->digest = g_strdup("2");
    g_assert_null(compare_results(a, b, CP_SAME_CPU, &error));
    assert_refused(&error, "cannot be compared: the text of the scenario t differs (--allow scenario ");
    g_autoptr(CpComparison) allowed = compare_results(a, b, CP_SAME_CPU | CP_SAME_SCENARIO, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(allowed->notes->len, ==, 2);
}

static void
test_same_names(void)
{
    g_assert_cmpint(cp_same_parse("cpu"), ==, CP_SAME_CPU);
    g_assert_cmpint(cp_same_parse("kvm"), ==, CP_SAME_KVM);
    g_assert_cmpint(cp_same_parse("emulator"), ==, CP_SAME_EMULATOR);
    g_assert_cmpint(cp_same_parse("question"), ==, CP_SAME_QUESTION);
    g_assert_cmpint(cp_same_parse("user"), ==, CP_SAME_USER);
    g_assert_cmpint(cp_same_parse("scenario"), ==, CP_SAME_SCENARIO);
    g_assert_cmpint(cp_same_parse("libvirt"), ==, 0);
}

static void
test_interrupted(void)
{
    g_autoptr(CpResult) a = result_with("c", 100 * MS, MS, MS, 1), b = result_with("c", 100 * MS, MS, MS, 5);
    b->status = 130;
    g_free(b->error);
    b->error = g_strdup("interrupted");
    g_autoptr(CpComparison) comparison = compare_results(a, b, 0, NULL);
    g_assert_false(comparison->complete);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_INCONCLUSIVE);
    g_assert_cmpstr(comparison->notes->pdata[0], ==, "the run of B is not complete: interrupted");
}

/* --- a second run --- */

static void
test_confirm(void)
{
    static const struct {
        gint64 ns;
        CpSecond second;
        CpChange change;
        CpOverall overall;
    } cases[] = {
        { 104 * MS, CP_SECOND_CONFIRMED, CP_CHANGE_SLOWER, CP_OVERALL_REGRESSED },
        { 100 * MS, CP_SECOND_REFUTED, CP_CHANGE_UNCHANGED, CP_OVERALL_UNCHANGED },
        { 90 * MS, CP_SECOND_REFUTED, CP_CHANGE_INCONCLUSIVE, CP_OVERALL_INCONCLUSIVE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = made_variants(), again = made_variants();
        g_autoptr(CpComparison) comparison = compare_times(result, 20, 105 * MS, MS, rule),
                                second = compare_times(again, 20, cases[i].ns, MS, rule);
        g_assert_cmpint(line_of(comparison, 0)->second, ==, CP_SECOND_NONE);
        cp_comparison_confirm(comparison, second);
        g_assert_cmpint(line_of(comparison, 0)->second, ==, cases[i].second);
        g_assert_cmpint(line_of(comparison, 0)->change, ==, cases[i].change);
        g_assert_cmpint(comparison->overall, ==, cases[i].overall);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/comparison/changes", test_changes);
    g_test_add_func("/comparison/figures", test_figures);
    g_test_add_func("/comparison/costs", test_costs);
    g_test_add_func("/comparison/missing", test_missing);
    g_test_add_func("/comparison/holm", test_holm);
    g_test_add_func("/comparison/floor", test_floor);
    g_test_add_func("/comparison/rounds-needed", test_rounds_needed);
    g_test_add_func("/comparison/warm-up", test_warm_up);
    g_test_add_func("/comparison/machine", test_machine);
    g_test_add_func("/comparison/incomparable", test_incomparable);
    g_test_add_func("/comparison/same-names", test_same_names);
    g_test_add_func("/comparison/interrupted", test_interrupted);
    g_test_add_func("/comparison/confirm", test_confirm);
    return g_test_run();
}
