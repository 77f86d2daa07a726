/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/merge.h, and of base/shard.h. */
#include "measure/merge.h"

#include <string.h>

#include "base/error.h"
#include "base/shard.h"
#include "made-result.h"
#include "measure/outcome.h"

static void
test_shard(void)
{
    static const char *const bad[] = { "", "1", "0/2", "3/2", "1/0", "1/1001", "-1/2", "1/2/3", "a/b", "1/ 2" };
    CpShard shard, other;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cp_shard_parse(bad[i], &shard));
    g_assert_true(cp_shard_parse(NULL, &shard));
    for (guint i = 0; i < 5; i++)
        g_assert_true(cp_shard_has(shard, i));
    g_assert_true(cp_shard_parse("1/2", &shard) && cp_shard_parse("2/2", &other));
    for (guint i = 0; i < 5; i++) {
        g_assert_cmpint(cp_shard_has(shard, i), ==, i % 2 == 0);
        g_assert_cmpint(cp_shard_has(other, i), ==, i % 2 == 1);
    }
}

/* Returns a result of scenarios with 2 rounds each; their names end with NULL. */
static CpResult *
result_of(const char *cpu, const char *shard, const char *const *scenarios)
{
    CpResult *result = made_result(cpu);
    result->seed = 7;
    result->wall_ns = 10;
    json_object_set_string_member(result->environment, "date", shard ? shard : cpu);
    if (shard)
        json_object_set_string_member(result->environment, "shard", shard);
    for (; *scenarios; scenarios++) {
        CpScenarioResult *scenario = made_scenario(result, *scenarios, NULL, 2);
        scenario->digest = g_strdup("text");
        made_samples(scenario, *cpu == 'A' ? MS : 2 * MS, 0, 1);
    }
    return result;
}
#define RESULT(cpu, shard, ...) result_of(cpu, shard, (const char *[]){ __VA_ARGS__, NULL })

static CpResult *
merge(GError **error, CpResult *a, CpResult *b)
{
    static const char *const names[] = { "a.json", "b.json", NULL };
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)cp_result_free);
    g_ptr_array_add(results, a);
    g_ptr_array_add(results, b);
    return cp_merge(results, names, error);
}

static CpResult *
merge_well(CpResult *a, CpResult *b)
{
    g_autoptr(GError) error = NULL;
    CpResult *merged = merge(&error, a, b);
    g_assert_no_error(error);
    return merged;
}

static void
assert_refused(CpResult *a, CpResult *b, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) merged = merge(&error, a, b);
    g_assert_null(merged);
    g_assert_error(error, CP_ERROR, CP_ERROR_USAGE);
    g_assert_cmpstr(error->message, ==, message);
}

/* Returns "SCENARIO VARIANT SAMPLES; ..." */
static char *
describe(const CpResult *result)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_string_append_printf(text, "%s %s %u; ", scenario->name, scenario->variant ? scenario->variant : "-",
                               scenario->samples->len);
    }
    return g_string_free(text, FALSE);
}

/* Shards, in any order, give what one run would have given. */
static void
test_shards(void)
{
    g_autoptr(CpResult) merged = merge_well(RESULT("A", "2/2", "b", "d"), RESULT("A", "1/2", "a", "c"));
    g_autofree char *text = describe(merged);
    g_assert_cmpstr(text, ==, "a - 2; b - 2; c - 2; d - 2; ");
    g_assert_cmpuint(merged->variants->len, ==, 0);
    g_assert_cmpint(merged->seed, ==, 7);
    g_assert_cmpint(merged->wall_ns, ==, 20);
    g_assert_false(json_object_has_member(merged->environment, "shard"));
    g_assert_true(json_object_has_member(merged->environment, "host"));
}

/* Machines are variants with environments of their own, also in a file, and are not compared as if they had run in turn. */
static void
test_machines(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) merged = merge_well(RESULT("A (R) 1.5", NULL, "s", "t"), RESULT("B", NULL, "s"));
    g_autofree char *written = cp_result_write(merged);
    g_autoptr(CpResult) read = cp_result_parse("R", written, strlen(written), &error);
    g_assert_no_error(error);
    g_autofree char *text = describe(read);
    g_assert_cmpstr(text, ==, "s A-R-1.5 2; s B 2; t A-R-1.5 2; ");
    g_assert_false(json_object_has_member(read->environment, "host"));
    g_assert_true(json_object_has_member(read->environment, "kvm"));
    const CpResultVariant *b = read->variants->pdata[1];
    g_assert_cmpstr(b->machine, ==, "B");
    g_assert_cmpstr(json_object_get_string_member(json_object_get_object_member(b->environment, "host"), "cpu"), ==,
                    "B");

    CpComparisonRule rule = CP_COMPARISON_RULE;
    CpCompared side_a = { read, "A-R-1.5" }, side_b = { read, "B" };
    g_autoptr(CpComparison) refused = cp_comparison_new(side_a, side_b, rule, 0, &error);
    g_assert_null(refused);
    g_assert_nonnull(strstr(error->message, "the CPU differs"));
    g_clear_error(&error);
    g_autoptr(CpComparison) comparison = cp_comparison_new(side_a, side_b, rule, CP_SAME_CPU, &error);
    g_assert_no_error(error);
    g_assert_false(comparison->paired);
}

/* Shards on different machines are of one run, and yet not of one machine. */
static void
test_shards_of_machines(void)
{
    g_autoptr(CpResult) merged = merge_well(RESULT("B", "2/2", "b"), RESULT("A", "1/2", "a"));
    g_autofree char *text = describe(merged);
    g_assert_cmpstr(text, ==, "a A 2; b B 2; ");
}

/* Variants stay apart, and machines with the same name, too. */
static void
test_variants_of_machines(void)
{
    CpResult *results[2];
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        results[i] = made_variants();
        JsonObject *host = json_object_get_object_member(results[i]->environment, "host");
        json_object_set_string_member(host, "kernel", i == 0 ? "6.1" : "6.12");
        made_scenario(results[i], "s", "old", 1);
        made_scenario(results[i], "s", "new", 1);
    }
    g_autoptr(CpResult) merged = merge_well(results[0], results[1]);
    g_autofree char *text = describe(merged);
    g_assert_cmpstr(text, ==, "s old+some-CPU 0; s new+some-CPU 0; s old+some-CPU-2 0; s new+some-CPU-2 0; ");

    g_autoptr(CpComparison) comparison =
        cp_comparison_new((CpCompared){ merged, "old+some-CPU" }, (CpCompared){ merged, "new+some-CPU" },
                          (CpComparisonRule)CP_COMPARISON_RULE, 0, NULL);
    g_assert_true(comparison->paired);
}

static void
test_refused(void)
{
    assert_refused(RESULT("A", NULL, "s"), RESULT("A", NULL, "t", "s"),
                   "b.json: the rounds of s on this machine are in a.json as well, expected each round once");
    assert_refused(RESULT("A", "1/3", "s"), RESULT("A", "3/3", "t"), "a.json: of its run shard 2/3 is missing");
    assert_refused(RESULT("A", "1/2", "s"), RESULT("B", "1/2", "s"), "a.json: of its run shard 2/2 is missing");
    assert_refused(RESULT("A", "1/3", "s"), RESULT("A", "2/2", "t"),
                   "b.json: environment.shard: it is '2/2', expected one of as many as before, such as 1/3");
    assert_refused(RESULT("A", "many", "s"), RESULT("A", NULL, "t"),
                   "a.json: environment.shard: it is 'many', expected one of several, such as 1/4");

    CpResult *other = RESULT("A", NULL, "t");
    other->seed = 8;
    assert_refused(RESULT("A", NULL, "s"), other,
                   "b.json: the seed is 8, but that of a.json is 7, expected results of one run, with one --seed");
    other = RESULT("A", NULL, "t");
    json_object_set_string_member(json_object_get_object_member(other->environment, "libvirt"), "version", "11.3.0");
    assert_refused(RESULT("A", NULL, "s"), other,
                   "b.json: environment.libvirt is not that of a.json, expected results of one run; 'compare' tells "
                   "runs apart");
    other = RESULT("B", NULL, "t");
    json_object_set_string_member(other->environment, "kvm", "usable");
    assert_refused(RESULT("A", NULL, "s"), other,
                   "b.json: environment.kvm is not that of a.json, expected results of one run; 'compare' tells runs "
                   "apart");
    other = RESULT("B", NULL, "s");
    CpScenarioResult *scenario = other->scenarios->pdata[0];
    g_free(scenario->digest);
    scenario->digest = g_strdup("another");
    assert_refused(RESULT("A", NULL, "s"), other, "b.json: the text of the scenario s is not that of a.json");
    other = RESULT("A", NULL, "t");
    cp_result_add_variant(other, "old", other->environment);
    assert_refused(RESULT("A", NULL, "s"), other,
                   "b.json: its variants are not those of a.json, expected results of one run");
    assert_refused(merge_well(RESULT("A", NULL, "s"), RESULT("B", NULL, "s")), RESULT("C", NULL, "s"),
                   "a.json: it is of several machines already, expected all results that it was merged from");
}

static void
set_reason(CpResult *result, const char *reason)
{
    g_free(result->reason);
    result->reason = g_strdup(reason);
}

static void
assert_outcome(const CpResult *result, CpOutcome outcome, const char *reason)
{
    g_autofree char *said = NULL;
    g_assert_cmpint(cp_outcome_of_run(result, &said), ==, outcome);
    g_assert_cmpstr(said, ==, reason);
}

/* What one of them says about its end is said by the merged one. */
static void
test_ends(void)
{
    CpResult *other = RESULT("A", "2/2", "t");
    set_reason(other, "reads whose verdict is unknown: 1");
    g_autoptr(CpResult) unknown = merge_well(RESULT("A", "1/2", "s"), other);
    assert_outcome(unknown, CP_OUTCOME_UNDECIDED, "b.json: reads whose verdict is unknown: 1");

    /* Wrong is wrong, whatever cannot be told of the rest. */
    CpResult *wrong = RESULT("A", "1/2", "s");
    ((CpScenarioResult *)wrong->scenarios->pdata[0])->counts.reads[CP_VERDICT_STALE] = 1;
    other = RESULT("A", "2/2", "t");
    set_reason(other, "reads whose verdict is unknown: 1");
    g_autoptr(CpResult) bad = merge_well(other, wrong);
    assert_outcome(bad, CP_OUTCOME_FAILED, "1 of 2 scenarios");

    /* A shard that needs what is not here does not spoil the others. */
    other = RESULT("A", "2/2", "t");
    CpScenarioResult *scenario = other->scenarios->pdata[0];
    scenario->needs = 1;
    scenario->rounds = 0;
    set_reason(other, "nothing was run: no KVM");
    g_autoptr(CpResult) well = merge_well(RESULT("A", "1/2", "s"), other);
    assert_outcome(well, CP_OUTCOME_PASSED, "");

    other = RESULT("A", "2/2", "t");
    other->status = CP_EXIT_INTERRUPTED;
    g_free(other->error);
    other->error = g_strdup("interrupted");
    g_autoptr(CpResult) interrupted = merge_well(RESULT("A", "1/2", "s"), other);
    assert_outcome(interrupted, CP_OUTCOME_UNDECIDED, "b.json: interrupted");
}

/* Whether a known defect shows is told by a note, which names the scenario and its variant. */
static void
test_notes(void)
{
    CpResult *shows = RESULT("A", NULL, "s"), *absent = RESULT("B", NULL, "s");
    g_strfreev(shows->notes);
    shows->notes = g_strdupv((char *[]){ "s: reproduced as expected", "something else", NULL });
    g_strfreev(absent->notes);
    absent->notes = g_strdupv((char *[]){ "s: not reproduced", NULL });
    g_autoptr(CpResult) merged = merge_well(shows, absent);
    g_assert_cmpstr(merged->notes[0], ==, "s (A): reproduced as expected");
    g_assert_cmpstr(merged->notes[1], ==, "A: something else");
    g_assert_cmpstr(merged->notes[2], ==, "s (B): not reproduced");
    for (guint i = 0; i < 2; i++) {
        g_autofree char *reason = NULL;
        g_assert_cmpint(cp_outcome_of_scenario(merged, merged->scenarios->pdata[i], &reason), ==,
                        i == 0 ? CP_OUTCOME_FAILED : CP_OUTCOME_PASSED);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shard", test_shard);
    g_test_add_func("/merge/shards", test_shards);
    g_test_add_func("/merge/machines", test_machines);
    g_test_add_func("/merge/shards-of-machines", test_shards_of_machines);
    g_test_add_func("/merge/variants-of-machines", test_variants_of_machines);
    g_test_add_func("/merge/refused", test_refused);
    g_test_add_func("/merge/ends", test_ends);
    g_test_add_func("/merge/notes", test_notes);
    return g_test_run();
}
