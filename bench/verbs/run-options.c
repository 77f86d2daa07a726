/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/run-options.h"

#include "base/duration.h"
#include "base/output.h"
#include "show/progress.h"

CpJudgement *
cp_run_with_options(
    const CpRunOptions *options, const GPtrArray *scenarios, gint64 rounds, gint64 profile_rounds, GError **error)
{
    CpRunSpec spec = {
        .scenarios = scenarios,
        .rounds = rounds,
        .profile_rounds = profile_rounds,
        .seed = options->seed ? options->seed : 1 + g_random_int_range(0, G_MAXINT32),
        .libvirt = options->libvirt,
        .emulator = options->emulator,
        .arch = options->arch,
        .machine = options->machine,
        .virttype = options->virttype,
        .kvm = options->kvm,
    };

    if (options->seed < 0 || options->seed > G_MAXINT32) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--seed: expected a number from 1 to %d", G_MAXINT32);
        return NULL;
    }
    if (!cp_duration_parse(options->deadline ? options->deadline : "30s", &spec.deadline_ns) || spec.deadline_ns == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--deadline %s: expected a duration such as 500ms or 30s",
                    options->deadline);
        return NULL;
    }
    if (!cp_output_check(options->history, error))
        return NULL;

    CpProgress *progress = cp_progress_new(stderr, rounds * scenarios->len);
    g_autoptr(GPtrArray) history = cp_run(&spec, cp_progress_event, progress, error);
    cp_progress_free(progress);
    if (!history || (options->history && !cp_history_save(history, options->history, error)))
        return NULL;
    return cp_judge(history, "history", error);
}
