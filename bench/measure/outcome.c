/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outcome of a scenario, and of a run. */
#include "measure/outcome.h"

#include "judge/reproduction.h"

const char *
cp_outcome_name(CpOutcome outcome)
{
    static const char *const names[CP_OUTCOME_LAST] = { "passed", "failed", "skipped", "undecided" };
    return names[outcome];
}

/* Adds "3 stale reads" to `parts`, unless `count` is 0. */
static void
add_count(GPtrArray *parts, gint64 count, const char *one, const char *many)
{
    if (count > 0)
        g_ptr_array_add(parts, g_strdup_printf("%" G_GINT64_FORMAT " %s", count, count == 1 ? one : many));
}

static char *
join(GPtrArray *parts)
{
    g_ptr_array_add(parts, NULL);
    return g_strjoinv(", ", (char **)parts->pdata);
}

/* Returns what was wrong, or "". */
static char *
describe_bad(const CpScenarioResult *scenario)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    const CpCounts *counts = &scenario->counts;
    gint64 never = 0;
    for (guint i = 0; i < scenario->settles->len; i++)
        never += g_array_index(scenario->settles, CpSettleResult, i).settled == CP_SETTLED_NEVER;

    add_count(parts, counts->reads[CP_VERDICT_STALE], "stale read", "stale reads");
    add_count(parts, counts->reads[CP_VERDICT_TORN], "torn read", "torn reads");
    add_count(parts, counts->reads[CP_VERDICT_FAILED], "failed read", "failed reads");
    add_count(parts, counts->unheld, "expectation not met", "expectations not met");
    add_count(parts, never, "change never seen", "changes never seen");
    return join(parts);
}

static gboolean
has_problem(const CpScenarioResult *scenario, const char *verdict)
{
    for (guint i = 0; i < scenario->problems->len; i++) {
        if (g_str_equal(((const CpProblem *)scenario->problems->pdata[i])->verdict, verdict))
            return TRUE;
    }
    return FALSE;
}

/* Returns why the scenario cannot be judged, or NULL. */
static char *
find_reason(const CpScenarioResult *scenario)
{
    gint64 unknown = scenario->counts.reads[CP_VERDICT_UNKNOWN];
    if (has_problem(scenario, "fault"))
        return g_strdup(CP_NO_EMULATOR_COUNTED);
    if (*scenario->skipped)
        return g_strdup_printf("not carried out to its end: %s", scenario->skipped);
    if (unknown > 0)
        return g_strdup_printf("reads without a verdict: %" G_GINT64_FORMAT, unknown);
    if (has_problem(scenario, "expectation"))
        return g_strdup("an expectation cannot be judged");
    if (scenario->rounds == 0)
        return g_strdup(scenario->untestable > 0 ? "its timing did not come about" : "it had no complete round");
    return NULL;
}

/* Returns what the notes of the result say about the known defect of the scenario; NULL if it is not about one. */
static const char *
find_note(const CpResult *result, const CpScenarioResult *scenario)
{
    g_autofree char *prefix = scenario->variant ? g_strdup_printf("%s (%s): ", scenario->name, scenario->variant)
                                                : g_strdup_printf("%s: ", scenario->name);
    for (char **note = result->notes; *note; note++) {
        if (g_str_has_prefix(*note, prefix))
            return *note + strlen(prefix);
    }
    return NULL;
}

/* In a scenario about a defect it is the reproduction that counts. */
static CpOutcome
outcome_of_defect(const char *note, char **reason)
{
    gboolean shows = g_str_has_prefix(note, CP_REPRODUCED), absent = g_str_equal(note, CP_NOT_REPRODUCED);
    *reason = absent ? g_strdup("") : g_strdup_printf("known defect: %s", note);
    return shows ? CP_OUTCOME_FAILED : absent ? CP_OUTCOME_PASSED : CP_OUTCOME_UNDECIDED;
}

CpOutcome
cp_outcome_of_scenario(const CpResult *result, const CpScenarioResult *scenario, char **reason)
{
    const char *note = find_note(result, scenario);
    g_autofree char *bad = describe_bad(scenario);

    if (scenario->needs) {
        *reason = g_strdup(scenario->skipped);
        return CP_OUTCOME_SKIPPED;
    }
    if (note)
        return outcome_of_defect(note, reason);
    if (*bad && !has_problem(scenario, "fault")) {
        *reason = g_steal_pointer(&bad);
        return CP_OUTCOME_FAILED;
    }
    *reason = find_reason(scenario);
    if (*reason)
        return CP_OUTCOME_UNDECIDED;
    *reason = g_strdup("");
    return CP_OUTCOME_PASSED;
}

CpOutcome
cp_outcome_of_run(const CpResult *result, char **reason)
{
    gint64 failed = 0, n = 0;
    for (guint i = 0; i < result->scenarios->len; i++) {
        g_autofree char *ignored = NULL;
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        CpOutcome outcome = cp_outcome_of_scenario(result, scenario, &ignored);
        n += outcome != CP_OUTCOME_SKIPPED;
        failed += outcome == CP_OUTCOME_FAILED;
    }
    if (result->status == CP_EXIT_INTERRUPTED || *result->reason) {
        *reason = g_strdup(*result->reason ? result->reason : result->error);
        return CP_OUTCOME_UNDECIDED;
    }
    if (failed > 0) {
        *reason = g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " scenarios", failed, n);
        return CP_OUTCOME_FAILED;
    }
    *reason = g_strdup(result->error);
    return result->status == CP_EXIT_WELL ? CP_OUTCOME_PASSED : CP_OUTCOME_UNDECIDED;
}
