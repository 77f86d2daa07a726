/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe judge`: judges a recorded history. */
#include "base/output.h"
#include "measure/result.h"
#include "show/detail.h"
#include "verbs/verb.h"

CpExit
cp_verb_judge(const CpOptions *options, char **arguments, GError **error)
{
    if (!cp_output_check(options->output, error))
        return CP_EXIT_USAGE;
    g_autoptr(GPtrArray) history = cp_history_load(arguments[0], error);
    g_autoptr(CpJudgement) judgement = history ? cp_judge(history, arguments[0], error) : NULL;
    if (!judgement)
        return CP_EXIT_USAGE;

    g_autoptr(CpResult) result = cp_result_new(judgement);
    g_autoptr(GError) failure = NULL;
    gboolean written = !options->output || cp_result_save(result, options->output, &failure);
    if (!written)
        cp_verb_complain(failure);
    if (g_strcmp0(options->output, "-") != 0)
        cp_detail_print(judgement, options->whole, stdout);
    return written ? cp_judgement_exit(judgement) : CP_EXIT_FAILED;
}
