/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe bench`: runs a suite of scenarios and shows the result as a table. */
#include "measure/result.h"
#include "show/table.h"
#include "verbs/run-scenarios.h"
#include "verbs/suite.h"

#define DEFAULT_ROUNDS 5

CpExit
cp_verb_bench(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    if (!cp_suite_collect(options, scenarios, error))
        return CP_EXIT_USAGE;

    g_auto(CpRunRecord) run = { 0 };
    if (!cp_run_scenarios(options, scenarios, DEFAULT_ROUNDS, &run, error))
        return CP_EXIT_FAILED;
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpJudgement) judgement = cp_judge_stream(run.history, options->strict, cp_result_add, result, error);
    if (!judgement)
        return CP_EXIT_FAILED;
    cp_result_finish(result, judgement);

    /* Nothing is printed before all files are written: printing may end the process, if standard output is a closed pipe. */
    g_autoptr(GError) failure = NULL;
    if (cp_run_is_kept(&run, options->output) && !cp_result_save(result, options->output, &failure)) {
        cp_verb_complain(failure);
        run.written = FALSE;
    }
    if (g_strcmp0(options->output, "-") != 0)
        cp_table_print(result, stdout);
    return run.written ? judgement->exit : CP_EXIT_FAILED;
}
