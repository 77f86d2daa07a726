/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results that tests of comparisons put together. */
#pragma once

#include "measure/comparison.h"

#define MS 1000000

/** Returns a result without variants and scenarios, of a machine with this CPU. */
static inline CpResult *
made_result(const char *cpu)
{
    CpResult *result = cp_result_new();
    g_autofree char *text = g_strdup_printf("{\"kvm\": \"absent\", \"privileged\": true, \"host\": {\"cpu\": \"%s\", "
                                            "\"cpus\": 2}, \"libvirt\": {\"version\": \"9.0.0\"},"
                                            "\"emulator\": {\"version\": \"QEMU 7.2\"}}",
                                            cpu);
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    result->environment = json_node_dup_object(node);
    return result;
}

/** Adds the variants "old" and "new". */
static inline CpResult *
made_variants(void)
{
    CpResult *result = made_result("some CPU");
    cp_result_add_variant(result, "old", result->environment);
    cp_result_add_variant(result, "new", result->environment);
    return result;
}

/** Adds a scenario without samples and with that many rounds. */
static inline CpScenarioResult *
made_scenario(CpResult *result, const char *name, const char *variant, gint64 rounds)
{
    CpScenarioResult *scenario = cp_result_add_scenario(result, name, variant, "made.scn");
    scenario->rounds = rounds;
    scenario->counts.emulators = rounds;
    return scenario;
}

/** Adds a fresh sample of line 4. */
static inline void
made_sample(CpScenarioResult *scenario, gint64 round, gint64 ns)
{
    cp_scenario_result_add_sample(
        scenario, (CpSample){ .round = round, .line = 4, .ns = ns, .label = "l", .verdict = CP_VERDICT_FRESH });
}

/** Sets a cost of the newest sample. */
static inline void
made_cost(CpScenarioResult *scenario, CpCost cost, gint64 figure)
{
    cp_costs_set(&g_array_index(scenario->samples, CpSample, scenario->samples->len - 1).costs, cost, figure);
}

/** The same for a sample in each round: `ns`, plus noise of up to `noise_ns` that is the same for the same `seed`. */
static inline void
made_samples(CpScenarioResult *scenario, gint64 ns, gint64 noise_ns, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (gint64 round = 1; round <= scenario->rounds; round++)
        made_sample(scenario, round, ns + (gint64)(g_rand_double(random) * noise_ns));
}

/** Adds `n` problems of a kind to a line. */
static inline void
made_problems(CpScenarioResult *scenario, gint64 line, const char *verdict, int n)
{
    char *none[] = { NULL };
    for (int i = 0; i < n; i++)
        cp_scenario_result_add_problem(scenario, (CpProblem){ i + 1, line, (char *)verdict, none });
}

/** Compares the variants "old" and "new". */
static inline CpComparison *
compare_variants(const CpResult *result, CpComparisonRule rule)
{
    g_autoptr(GError) error = NULL;
    CpComparison *comparison =
        cp_comparison_new((CpCompared){ result, "old" }, (CpCompared){ result, "new" }, rule, 0, &error);
    g_assert_no_error(error);
    return comparison;
}

/** Returns the line of that index. */
static inline const CpComparedLine *
line_of(const CpComparison *comparison, guint i)
{
    g_assert_cmpuint(i, <, comparison->lines->len);
    return &g_array_index(comparison->lines, CpComparedLine, i);
}
