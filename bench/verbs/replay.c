/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe replay`: runs one scenario and shows every step. */
#include "show/detail.h"
#include "verbs/run-scenarios.h"

CpExit
cp_verb_replay(const CpOptions *options, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    CpScenario *scenario = cp_scenario_load(arguments[0], error);
    if (!scenario)
        return CP_EXIT_USAGE;
    g_ptr_array_add(scenarios, scenario);

    g_auto(CpRunRecord) run = { 0 };
    if (!cp_run_scenarios(options, scenarios, 1, &run, error))
        return CP_EXIT_FAILED;
    g_autoptr(CpDetail) detail = cp_detail_new(options->whole, stdout);
    g_autoptr(CpJudgement) judgement = cp_judge_stream(run.history, options->strict, cp_detail_add, detail, error);
    if (!judgement)
        return CP_EXIT_FAILED;
    cp_detail_finish(detail, judgement);
    return run.written ? judgement->exit : CP_EXIT_FAILED;
}
