/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include "show/detail.h"
#include "verbs/run-options.h"

static struct {
    CpRunOptions run;
    gint64 rounds;
    gboolean whole;
} options = { .rounds = 1 };

static const GOptionEntry entries[] = {
    { "rounds", 0, 0, G_OPTION_ARG_INT64, &options.rounds, "How often it is run (default: 1)", "N" },
    { "whole", 0, 0, G_OPTION_ARG_NONE, &options.whole, "Show differences to the last line, however long they are",
      NULL },
    CP_RUN_OPTIONS(options.run),
    { NULL },
};

static CpExit
run(int argc, char **argv, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);

    if (argc != 1 || options.rounds < 1) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    argc != 1 ? "replay: expected one scenario file" : "--rounds: expected at least 1");
        return CP_EXIT_USAGE;
    }
    CpScenario *scenario = cp_scenario_load(argv[0], error);
    if (!scenario)
        return CP_EXIT_USAGE;
    g_ptr_array_add(scenarios, scenario);

    g_autoptr(CpJudgement) judgement = cp_run_with_options(&options.run, scenarios, options.rounds, 0, error);
    if (!judgement)
        return CP_EXIT_FAILED;
    cp_detail_print(judgement, options.whole, stdout);
    return cp_judgement_exit(judgement);
}

const CpVerb cp_verb_replay = {
    .name = "replay",
    .arguments = "FILE",
    .summary = "run one scenario and show what happened at each step",
    .description = "Runs one scenario and shows each step with its verdict. The exit status suits 'git bisect run': 0 "
                   "where every read was\n"
                   "right, 1 where one was not, 125 where the scenario cannot be tested here.",
    .options = entries,
    .run = run,
};
