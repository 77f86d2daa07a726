/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as test cases. */
#include "show/cases.h"

#include "show/lines.h"

static void
case_free(gpointer data)
{
    CpCase *it = data;
    g_free(it->name);
    g_free(it->reason);
    g_strfreev(it->details);
    g_free(it);
}

static CpCase *
add_case(GPtrArray *cases, char *name)
{
    CpCase *it = g_new0(CpCase, 1);
    it->name = name;
    g_ptr_array_add(cases, it);
    return it;
}

static GStrv
describe_problems(const CpScenarioResult *scenario)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    for (guint i = 0; i < scenario->problems->len; i++) {
        const CpProblem *problem = scenario->problems->pdata[i];
        g_autofree char *differences = g_strjoinv("; ", problem->differences);
        g_autofree char *line = g_strdup_printf("round %" G_GINT64_FORMAT ", line %" G_GINT64_FORMAT ": %s: %s",
                                                problem->round, problem->line, problem->verdict, differences);
        g_strv_builder_add(lines, line);
    }
    return g_strv_builder_end(lines);
}

GPtrArray *
cp_cases(const CpResult *result)
{
    GPtrArray *cases = g_ptr_array_new_with_free_func(case_free);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        CpCase *it = add_case(cases, cp_shown_scenario(scenario));
        it->outcome = cp_outcome_of_scenario(result, scenario, &it->reason);
        it->details = describe_problems(scenario);
    }

    g_autofree char *reason = NULL;
    if (cp_outcome_of_run(result, &reason) == CP_OUTCOME_UNDECIDED) {
        CpCase *run = add_case(cases, g_strdup("run"));
        run->outcome = CP_OUTCOME_UNDECIDED;
        run->reason = g_steal_pointer(&reason);
        run->details = g_new0(char *, 1);
    }
    return cases;
}

const char *
cp_outcome_sentence(CpOutcome outcome)
{
    static const char *const sentences[CP_OUTCOME_LAST] = {
        [CP_OUTCOME_PASSED] = "libvirt was always right",
        [CP_OUTCOME_FAILED] = "libvirt was wrong",
        [CP_OUTCOME_SKIPPED] = "nothing was run",
        [CP_OUTCOME_UNDECIDED] = "no decision is possible",
    };
    return sentences[outcome];
}
