/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/comparison.h. */
#include "show/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "helper.h"
#include "made-result.h"

static const CpComparisonRule rule = CP_COMPARISON_RULE;

/* A run in which "new" is slower in one line, and wrong in another way in each of three. */
static CpResult *
bad_run(void)
{
    CpResult *result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 24), *b = made_scenario(result, "s", "new", 24);
    for (gint64 round = 1; round <= 24; round++) {
        made_sample(a, round, (round == 1 ? 300 : 100) * MS + round);
        made_sample(b, round, 110 * MS + round * round);
    }
    made_problems(b, 5, "stale", 3);
    made_problems(a, 6, "hidden", 2);
    b->counts.emulators = 48;
    b->counts.libvirt_cpu_ns = 24 * MS;
    return result;
}

static void
assert_printed(void (*print)(const CpComparison *comparison, FILE *out),
               const CpComparison *comparison,
               const char *text)
{
    Memory memory = { 0 };
    print(comparison, memory_begin(&memory));
    memory_end(&memory, text);
}

static void
test_text(void)
{
    g_autoptr(CpResult) result = bad_run();
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    assert_printed(
        cp_comparison_print_text, comparison,
        "A: old, B: new, in one run, their rounds in turn: worse\n"
        "\n"
        "s:5: newly stale (A: 0 in 24 rounds, B: 3 in 24)\n"
        "s:6: no longer hidden (A: 2 in 24 rounds, B: 0 in 24)\n"
        "s: more emulators (A: 24 in 24 rounds, B: 48 in 24)\n"
        "\n"
        "scenario       A       B               shift       95 % interval  p (Holm)  effect  would have seen  verdict\n"
        "s:4 l     100 ms  110 ms  +10.0 ms (+10.0 %)  +10.0 % .. +10.0 %    0.0342   +0.92            0.0 %  slower\n"
        "\n"
        "warm-up: s:4 l: the first rounds of old were far slower than the others: 1\n"
        "CPU time per round: s: libvirt 0.00 ns and 1.00 ms, emulators 0.00 ns and 0.00 ns\n");
}

static void
test_markdown(void)
{
    g_autoptr(CpResult) result = bad_run();
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    assert_printed(
        cp_comparison_print_markdown, comparison,
        "**A: old, B: new, in one run, their rounds in turn: worse**\n"
        "\n"
        "* s:5: newly stale (A: 0 in 24 rounds, B: 3 in 24)\n"
        "* s:6: no longer hidden (A: 2 in 24 rounds, B: 0 in 24)\n"
        "* s: more emulators (A: 24 in 24 rounds, B: 48 in 24)\n"
        "\n"
        "| scenario | A | B | shift | 95 % interval | p (Holm) | effect | would have seen | verdict |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---|\n"
        "| s:4 l | 100 ms | 110 ms | +10.0 ms (+10.0 %) | +10.0 % .. +10.0 % | 0.0342 | +0.92 | 0.0 % | slower |\n"
        "\n"
        "* warm-up: s:4 l: the first rounds of old were far slower than the others: 1\n"
        "* CPU time per round: s: libvirt 0.00 ns and 1.00 ms, emulators 0.00 ns and 0.00 ns\n");
}

/* The table of costs, without what is 0 on both sides, and why instructions are missing. */
static void
test_costs(void)
{
    g_autoptr(CpResult) result = made_variants();
    CpScenarioResult *a = made_scenario(result, "s", "old", 24), *b = made_scenario(result, "s", "new", 24);
    for (gint64 round = 1; round <= 24; round++) {
        made_sample(a, round, 100 * MS);
        made_cost(a, CP_COST_LIBVIRT_CPU, 10 * MS + round);
        made_cost(a, CP_COST_EMULATOR_CPU, 0);
        made_cost(a, CP_COST_LIBVIRT_INSTRUCTIONS, 123456 + round);
        made_sample(b, round, 100 * MS);
        made_cost(b, CP_COST_LIBVIRT_CPU, 10 * MS + round);
        made_cost(b, CP_COST_EMULATOR_CPU, 0);
        made_cost(b, CP_COST_LIBVIRT_INSTRUCTIONS, 12345678 + round);
    }
    JsonObject *host = json_object_get_object_member(result->environment, "host");
    json_object_set_string_member(host, "instructions", "the kernel has no perf events");
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    assert_printed(
        cp_comparison_print_text, comparison,
        "A: old, B: new, in one run, their rounds in turn: unchanged\n"
        "\n"
        "scenario       A       B             shift     95 % interval  p (Holm)  effect  would have seen  verdict\n"
        "s:4 l     100 ms  100 ms  0.00 ns (+0.0 %)  +0.0 % .. +0.0 %    1.0000   +0.00            0.0 %  unchanged\n"
        "\n"
        "cost of a read        scenario        A        B                shift           95 % interval  p (Holm)  "
        "would have seen  verdict\n"
        "libvirt CPU           s:4 l     10.0 ms  10.0 ms     0.00 ns (+0.0 %)        +0.0 % .. +0.0 %    1.0000       "
        "     0.0 %  unchanged\n"
        "libvirt instructions  s:4 l       123 k   12.3 M  +12.2 M (+9899.1 %)  +9899.1 % .. +9899.1 %    0.0005       "
        "     0.0 %  more\n"
        "\n"
        "instructions are not counted: the kernel has no perf events\n"
        "CPU time per round: s: libvirt 0.00 ns and 0.00 ns, emulators 0.00 ns and 0.00 ns\n");
    g_autoptr(GPtrArray) rows = cp_comparison_cost_rows(comparison);
    g_assert_cmpuint(rows->len, ==, 2);
}

/* Text from a result can neither control a terminal nor end a cell of a table. */
static void
test_control(void)
{
    static const char bad[] = "\x1b[31m\n|\r<b>`";
    g_autoptr(CpResult) result = bad_run();
    for (guint i = 0; i < result->scenarios->len; i++) {
        CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_free(scenario->name);
        scenario->name = g_strdup(bad);
    }
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    g_ptr_array_add(comparison->notes, g_strdup(bad));
    void (*const prints[])(const CpComparison *, FILE *) = { cp_comparison_print_text, cp_comparison_print_markdown };
    for (gsize i = 0; i < G_N_ELEMENTS(prints); i++) {
        Memory memory = { 0 };
        prints[i](comparison, memory_begin(&memory));
        fflush(memory.stream);
        for (const char *at = memory.text; *at; at++)
            g_assert_true(*at == '\n' || !g_ascii_iscntrl(*at));
        g_assert_nonnull(strstr(memory.text, i == 0 ? "\n\\u001b[31m\\u000a|\\u000d<b>`\n"
                                                    : "\n* \\\\u001b\\[31m\\\\u000a\\|\\\\u000d\\<b\\>\\`\n"));
        fclose(memory.stream);
        free(memory.text);
    }
}

static void
test_json(void)
{
    g_autoptr(CpResult) result = bad_run();
    made_samples(made_scenario(result, "t", "old", 5), 100 * MS, MS, 1);
    made_samples(made_scenario(result, "t", "new", 5), 100 * MS, MS, 2);
    g_autoptr(CpComparison) comparison = compare_variants(result, rule);
    Memory memory = { 0 };
    cp_comparison_print_json(comparison, memory_begin(&memory));
    fclose(memory.stream);
    g_autoptr(JsonNode) node = json_from_string(memory.text, NULL);
    JsonObject *root = json_node_get_object(node);
    JsonArray *lines = json_object_get_array_member(root, "lines"),
              *counts = json_object_get_array_member(root, "counts");
    JsonObject *line = json_array_get_object_element(lines, 0), *few = json_array_get_object_element(lines, 1),
               *count = json_array_get_object_element(counts, 0);
    g_assert_cmpstr(json_object_get_string_member(root, "schema"), ==, "capprobe.comparison/1");
    g_assert_cmpstr(json_object_get_string_member(root, "overall"), ==, "regressed");
    g_assert_cmpstr(json_object_get_string_member(line, "scenario"), ==, "s");
    g_assert_cmpstr(json_object_get_string_member(line, "label"), ==, "l");
    g_assert_cmpfloat_with_epsilon(json_object_get_double_member(line, "low"), 0.1, 0.001);
    g_assert_cmpint(json_object_get_int_member(json_object_get_object_member(line, "a"), "warm_up"), ==, 1);
    g_assert_true(json_object_get_null_member(few, "low"));
    g_assert_true(json_object_get_null_member(few, "visible"));
    g_assert_cmpstr(json_object_get_string_member(few, "change"), ==, "inconclusive");
    g_assert_cmpstr(json_object_get_string_member(count, "what"), ==, "stale");
    g_assert_true(json_object_get_boolean_member(count, "worse"));
    g_assert_cmpint(json_object_get_int_member(count, "b"), ==, 3);
    free(memory.text);
}

/* How a second run, too few rounds and other machines read. */
static void
test_remarks(void)
{
    g_autoptr(CpResult) result = bad_run(), again = made_variants();
    made_samples(made_scenario(again, "s", "old", 4), 100 * MS, MS, 1);
    made_problems(made_scenario(again, "s", "new", 4), 5, "stale", 1);
    made_samples(again->scenarios->pdata[1], 100 * MS, MS, 1);
    g_autoptr(CpComparison) comparison = compare_variants(result, rule), second = compare_variants(again, rule);
    cp_comparison_confirm(comparison, second);
    g_auto(GStrv) findings = cp_comparison_findings(comparison), remarks = cp_comparison_remarks(second),
                  cells = cp_comparison_cells(line_of(comparison, 0)), few = cp_comparison_cells(line_of(second, 0));
    g_assert_cmpstr(findings[0], ==, "s:5: newly stale (A: 0 in 24 rounds, B: 3 in 24), seen twice");
    g_assert_cmpstr(
        findings[2], ==,
        "s: more emulators (A: 24 in 24 rounds, B: 48 in 24); does not count, for a second run did not see it");
    g_assert_cmpstr(cells[8], ==, "inconclusive, for a second run did not see it");
    g_assert_cmpstr(few[4], ==, "too few rounds");
    g_assert_cmpstr(few[7], ==, "nothing");
    g_assert_cmpstr(remarks[0], ==, "to see a change of 5.0 % in every line, about 12 rounds would do");
    second->overall = CP_OVERALL_MACHINE;
    g_autofree char *headline = cp_comparison_headline(second);
    g_assert_cmpstr(headline, ==,
                    "A: old, B: new, in one run, their rounds in turn: all lines have moved alike, so the machine has "
                    "changed, not what was tested");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/show-comparison/text", test_text);
    g_test_add_func("/show-comparison/costs", test_costs);
    g_test_add_func("/show-comparison/markdown", test_markdown);
    g_test_add_func("/show-comparison/control", test_control);
    g_test_add_func("/show-comparison/json", test_json);
    g_test_add_func("/show-comparison/remarks", test_remarks);
    return g_test_run();
}
