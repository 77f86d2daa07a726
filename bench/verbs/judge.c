/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include "measure/result.h"
#include "show/detail.h"

static struct {
    char *output;
    gboolean whole;
} options;

static const GOptionEntry entries[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "Write the result to a file, as JSON", "FILE" },
    { "whole", 0, 0, G_OPTION_ARG_NONE, &options.whole, "Show differences to the last line, however long they are",
      NULL },
    { NULL },
};

static CpExit
run(int argc, char **argv, GError **error)
{
    if (argc != 1) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "judge: expected one history file");
        return CP_EXIT_USAGE;
    }
    g_autoptr(GPtrArray) history = cp_history_load(argv[0], error);
    g_autoptr(CpJudgement) judgement = history ? cp_judge(history, argv[0], error) : NULL;
    if (!judgement)
        return CP_EXIT_USAGE;

    cp_detail_print(judgement, options.whole, stdout);
    g_autoptr(CpResult) result = cp_result_new(judgement);
    if (options.output && !cp_result_save(result, options.output, error))
        return CP_EXIT_FAILED;
    return cp_judgement_exit(judgement);
}

const CpVerb cp_verb_judge = {
    .name = "judge",
    .arguments = "HISTORY",
    .summary = "judge a recorded history",
    .description = "Judges a history that 'bench' or 'replay' recorded with --history. It takes neither privileges nor "
                   "libvirt, and gives the\n"
                   "verdicts, and the exit status, that the run itself gave.",
    .options = entries,
    .run = run,
};
