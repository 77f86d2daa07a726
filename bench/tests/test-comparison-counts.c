/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/comparison.h: verdicts, and how often emulators were started. */
#include "helper.h"
#include "made-result.h"

static const CpComparisonRule rule = CP_COMPARISON_RULE;

/* How the counts of a comparison read: "-" before what is less. */
static char *
counts_of(const CpComparison *comparison)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < comparison->counts->len; i++) {
        const CpComparedCount *count = &g_array_index(comparison->counts, CpComparedCount, i);
        g_string_append_printf(text, "%s%s:%d %s%s %d %d", i > 0 ? ", " : "", count->scenario, (int)count->line,
                               count->worse ? "" : "-", count->what, (int)count->a, (int)count->b);
    }
    return g_string_free(text, FALSE);
}

static void
test_wrong_reads(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 20), *b = made_scenario(result, "s", "new", 20);
    made_problems(a, 4, "stale", 20);
    made_problems(b, 4, "stale", 19);
    made_problems(a, 5, "torn", 20);
    made_problems(b, 6, "hidden", 1);
    made_problems(b, 7, "unknown", 20);
    made_problems(a, 8, "failed", 1);
    made_problems(b, 8, "failed", 20);
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_autofree char *counts = counts_of(comparison);
    g_assert_cmpstr(counts, ==, "s:6 hidden 0 1, s:8 failed 1 20, s:5 -torn 20 0");
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_REGRESSED);
    g_assert_true(cp_comparison_alarms(comparison, "s"));
    g_assert_false(cp_comparison_alarms(comparison, "t"));
}

/* A list of problems that is full does not say what is new. */
static void
test_many_wrong_reads(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 200), *b = made_scenario(result, "s", "new", 200);
    made_problems(a, 4, "stale", CP_PROBLEMS_MAX);
    made_problems(b, 5, "stale", 7);
    a->counts.reads[CP_VERDICT_STALE] = 107;
    b->counts.reads[CP_VERDICT_STALE] = 7;
    b->counts.reads[CP_VERDICT_TORN] = 1;
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_autofree char *counts = counts_of(comparison);
    g_assert_cmpstr(counts, ==, "s:4 -stale 100 0, s:0 torn 0 1");
}

/* A stale read that is without a verdict now is not known to be right. */
static void
test_unknown_reads(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 20), *b = made_scenario(result, "s", "new", 20);
    made_problems(a, 4, "stale", 20);
    a->counts.reads[CP_VERDICT_STALE] = 20;
    b->counts.reads[CP_VERDICT_UNKNOWN] = 20;
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_assert_cmpint(comparison->overall, ==, CP_OVERALL_INCONCLUSIVE);
    g_assert_cmpstr(comparison->notes->pdata[0], ==, "s: reads of new without a verdict: 20");

    /* Nor is one new if the base has no verdict there. */
    made_problems(b, 6, "torn", 1);
    made_problems(a, 6, "unknown", 1);
    g_autoptr(CpComparison) unsure = compare_variants(result, rule);
    g_assert_cmpint(unsure->overall, ==, CP_OVERALL_INCONCLUSIVE);
    g_assert_false(cp_comparison_alarms(unsure, NULL));
    g_assert_true(g_array_index(unsure->counts, CpComparedCount, 0).unsure);

    made_problems(b, 5, "stale", 1);
    g_autoptr(CpComparison) worse = compare_variants(result, rule);
    g_assert_cmpint(worse->overall, ==, CP_OVERALL_REGRESSED);
}

static void
test_counts(void)
{
    static const struct {
        gint64 rounds, spurious_a, spurious_b;
        const char *text;
    } cases[] = {
        { 20, 0, 20, "s:0 spurious 0 20" },
        { 20, 40, 20, "s:0 -spurious 40 20" },
        { 20, 20, 20, "" },
        { 20, 3, 5, "" },
        { 20, 1, 13, "s:0 spurious 1 13" },
        { 5, 0, 5, "" },
        { 20, 13, 1, "s:0 -spurious 13 1" },
        { 21, 5000, 5100, "" },
        { 21, 5000, 5600, "s:0 spurious 5000 5600" },
        { 21, G_MAXINT64 - 5, G_MAXINT64, "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = made_variants();
        made_scenario(result, "s", "old", cases[i].rounds)->counts.refreshes[CP_REFRESH_SPURIOUS] = cases[i].spurious_a;
        made_scenario(result, "s", "new", cases[i].rounds)->counts.refreshes[CP_REFRESH_SPURIOUS] = cases[i].spurious_b;
        g_autoptr(CpComparison) comparison = compare_variants(result, rule);
        g_autofree char *counts = counts_of(comparison);
        g_assert_cmpstr(counts, ==, cases[i].text);
    }

    g_autoptr(CpResult) result = made_variants();
    made_scenario(result, "s", "old", 20);
    made_scenario(result, "s", "new", 20)->counts.emulators = 40;
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_autofree char *counts = counts_of(comparison);
    g_assert_cmpstr(counts, ==, "s:0 emulators 20 40");
}

/* A wrong read stays wrong if it is not seen again, but not if the base is as wrong then. */
static void
test_confirm_counts(void)
{
    static const struct {
        int stale_a, stale_b;
        CpSecond second;
    } cases[] = { { 0, 1, CP_SECOND_CONFIRMED }, { 0, 0, CP_SECOND_NONE }, { 1, 1, CP_SECOND_REFUTED } };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = made_variants(), again = made_variants();
        made_scenario(result, "s", "old", 20);
        CpScenarioResult *new = made_scenario(result, "s", "new", 20);
        made_problems(new, 4, "stale", 1);
        new->counts.refreshes[CP_REFRESH_SPURIOUS] = 20;
        made_problems(made_scenario(again, "s", "old", 20), 4, "stale", cases[i].stale_a);
        made_problems(made_scenario(again, "s", "new", 20), 4, "stale", cases[i].stale_b);
        g_autoptr(CpComparison) comparison = compare_variants(result, rule), second = compare_variants(again, rule);
        cp_comparison_confirm(comparison, second);
        g_assert_cmpint(g_array_index(comparison->counts, CpComparedCount, 0).second, ==, cases[i].second);
        /* The refreshes were not spurious in the second run. */
        g_assert_cmpint(g_array_index(comparison->counts, CpComparedCount, 1).second, ==, CP_SECOND_REFUTED);
        g_assert_cmpint(comparison->overall == CP_OVERALL_REGRESSED, ==, cases[i].second != CP_SECOND_REFUTED);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/comparison-counts/wrong-reads", test_wrong_reads);
    g_test_add_func("/comparison-counts/many-wrong-reads", test_many_wrong_reads);
    g_test_add_func("/comparison-counts/unknown-reads", test_unknown_reads);
    g_test_add_func("/comparison-counts/counts", test_counts);
    g_test_add_func("/comparison-counts/confirm", test_confirm_counts);
    return g_test_run();
}
