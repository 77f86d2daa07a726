/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explains how a scenario shows its defect. */
#include "verbs/repro-explain.h"

#include "show/explain.h"

CpExit
cp_repro_explain(const CpReproSpec *spec, const CpRepro *repro, GError **error)
{
    if (!repro->bug->scenario) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--explain: %s has no scenario, only the input of a fuzz target",
                    repro->bug->id);
        return CP_EXIT_USAGE;
    }
    g_auto(CpRunRecord) run = { 0 };
    if (!cp_repro_run_scenario(spec, repro, 1, NULL, &run, error))
        return CP_EXIT_FAILED;
    g_autoptr(CpDetail) detail = cp_detail_new(FALSE, stdout);
    g_autoptr(CpJudgement) judgement = cp_judge_stream(run.history, FALSE, cp_explain_add, detail, error);
    if (!judgement)
        return CP_EXIT_FAILED;
    cp_detail_finish(detail, judgement);
    printf("libvirt also compares its own version, the CPU, its microcode, the kernel and KVM's parameters.\n"
           "It does not compare the names, times and contents of the modules.\n");
    return judgement->exit;
}
