/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries known defects on the libvirt at hand: their scenarios, or their inputs with the fuzz targets. */
#include "verbs/repro-run.h"

#include <string.h>

#include "base/clock.h"
#include "base/output.h"
#include "run/fuzz-target.h"
#include "run/interrupt.h"
#include "show/proof.h"

/* So often in all a scenario is run again whose timing did not come about. */
#define UNTIMELY_MAX 3

/* The file in the folder of --keep for what proves an outcome; NULL without --keep. `part` counts from 1. */
static char *
kept_file(const CpReproSpec *spec, const CpRepro *repro, guint part, const char *suffix)
{
    if (!spec->options->keep)
        return NULL;
    g_autofree char *name =
        part > 1 ? g_strdup_printf("%s-%u%s", repro->bug->id, part, suffix) : g_strconcat(repro->bug->id, suffix, NULL);
    return g_build_filename(spec->options->keep, name, NULL);
}

/* --- scenarios --- */

typedef struct {
    CpProof *proof;
    gboolean untimely; /* a round's timing did not come about */
} Taker;

static void
take_finding(const CpFinding *finding, gpointer data)
{
    Taker *taker = data;
    taker->untimely |= finding->event->type == CP_EVENT_UNTESTABLE;
    cp_proof_add(finding, taker->proof);
}

/* Puts the value of an option that is given once into `list`, as the same option of `replay` that can be repeated. */
static char **
as_list(char *value, char *list[2])
{
    list[0] = value;
    return value ? list : NULL;
}

gboolean
cp_repro_run_scenario(
    const CpReproSpec *spec, const CpRepro *repro, gint64 rounds, const char *history, CpRunRecord *run, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    CpScenario *scenario = cp_scenario_load(repro->bug->scenario, error);
    if (!scenario)
        return FALSE;
    g_ptr_array_add(scenarios, scenario);

    char *tree[2] = { NULL }, *libvirt[2] = { NULL }, *emulator[2] = { NULL }, *target[2] = { NULL };
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, rounds);
    CpOptions options = *spec->options;
    options.trees = as_list(options.tree, tree);
    options.libvirts = as_list(options.libvirt, libvirt);
    options.emulators = as_list(options.emulator, emulator);
    options.targets = as_list(options.target, target);
    options.rounds = number;
    options.history = (char *)history;
    options.deadline = options.deadline ? options.deadline : repro->bug->deadline;
    return cp_run_scenarios(&options, scenarios, rounds, run, error);
}

/* Runs `n` rounds of the scenario. `untimely`: the timing of a round did not come about. */
static gboolean
run_rounds(const CpReproSpec *spec, CpRepro *repro, guint part, gint64 n, gboolean *untimely, GError **error)
{
    g_autofree char *history = kept_file(spec, repro, part, ".jsonl");
    g_auto(CpRunRecord) run = { 0 };
    if (!cp_repro_run_scenario(spec, repro, n, history, &run, error))
        return FALSE;
    g_autoptr(CpProof) proof = cp_proof_new(repro->proof);
    Taker taker = { proof, FALSE };
    g_autoptr(CpJudgement) judgement = cp_judge_stream(run.history, FALSE, take_finding, &taker, error);
    if (!judgement)
        return FALSE;
    *untimely = taker.untimely && judgement->tried == 0;
    repro->hits += judgement->shown;
    repro->runs += judgement->tried;
    if (!run.written || judgement->exit == CP_EXIT_FAILED || judgement->exit == CP_EXIT_INTERRUPTED ||
        judgement->exit == CP_EXIT_USAGE)
        repro->broken = run.written ? judgement->exit : CP_EXIT_FAILED;
    if (judgement->exit != CP_EXIT_WELL && judgement->exit != CP_EXIT_BAD && !*untimely)
        cp_repro_set_reason(repro, *judgement->reason ? judgement->reason : judgement->error);
    return TRUE;
}

static gboolean
try_scenario(const CpReproSpec *spec, CpRepro *repro, GError **error)
{
    guint part = 0;
    int untimely = 0;
    for (gint64 n; (n = cp_repro_next(repro, spec->runs)) > 0 && !repro->broken;) {
        gint64 before = repro->runs;
        gboolean again = FALSE;
        if (!run_rounds(spec, repro, ++part, n, &again, error))
            return FALSE;
        if (repro->runs > before)
            continue;
        if (!again)
            break;
        if (++untimely == UNTIMELY_MAX) {
            cp_repro_set_reason(repro, "its timing did not come about: this host is too slow or too busy");
            break;
        }
    }
    return TRUE;
}

/* --- inputs of fuzz targets --- */

/* Writes what the fuzz target has printed to the file of --keep. */
static gboolean
keep_said(const CpReproSpec *spec, const CpRepro *repro, guint part, const GString *said, GError **error)
{
    g_autofree char *file = kept_file(spec, repro, part, ".txt");
    if (!file)
        return TRUE;
    CpOutput *output = cp_output_begin(file, error);
    if (!output)
        return FALSE;
    fwrite(said->str, 1, said->len, cp_output_stream(output));
    return cp_output_commit(output, error);
}

/* Runs the fuzz target once. Returns FALSE with `error` set if that was not possible. */
static gboolean
run_target(const CpReproSpec *spec, CpRepro *repro, const char *program, GError **error)
{
    CpFuzzOutcome outcome;
    g_autoptr(GString) said = g_string_new(NULL);
    if (!cp_fuzz_target_run(program, repro->bug, spec->deadline_ns, &outcome, said, error) ||
        !keep_said(spec, repro, repro->runs + 1, said, error))
        return FALSE;
    repro->runs++;
    if (outcome == CP_FUZZ_SHOWS) {
        repro->hits++;
        if (repro->proof->len == 0)
            g_string_append(repro->proof, said->str);
    } else if (outcome == CP_FUZZ_OTHER) {
        g_autofree char *line = g_strndup(said->str, strcspn(said->str, "\n"));
        g_autofree char *reason = g_strdup_printf("the input shows something else: %s", line);
        cp_repro_set_reason(repro, reason);
    }
    return TRUE;
}

static gboolean
try_input(const CpReproSpec *spec, CpRepro *repro, GError **error)
{
    if (!spec->fuzz) {
        cp_repro_set_reason(repro, spec->no_fuzz);
        return TRUE;
    }
    g_autofree char *program = g_build_filename(spec->fuzz, "targets", repro->bug->target, NULL);
    if (!g_file_test(repro->bug->input, G_FILE_TEST_EXISTS)) {
        cp_repro_set_reason(repro,
                            "its input is only in the source tree, as the fuzz targets are: run the capprobe there");
        return TRUE;
    }
    if (!g_file_test(program, G_FILE_TEST_IS_EXECUTABLE)) {
        g_autofree char *reason = g_strdup_printf("%s does not exist: %s", program, spec->no_fuzz);
        cp_repro_set_reason(repro, reason);
        return TRUE;
    }
    while (cp_repro_next(repro, spec->runs) > 0 && !cp_interrupted()) {
        g_autoptr(GError) cause = NULL;
        if (run_target(spec, repro, program, &cause))
            continue;
        if (cp_interrupted())
            return TRUE;
        if (!g_error_matches(cause, CP_ERROR, CP_ERROR_UNTESTABLE)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
        cp_repro_set_reason(repro, cause->message);
        break;
    }
    return TRUE;
}

gboolean
cp_repro_try(const CpReproSpec *spec, CpRepro *repro, GError **error)
{
    gint64 begin_ns = cp_now_ns();
    g_autoptr(GError) cause = NULL;
    gboolean done = repro->by_input ? try_input(spec, repro, &cause) : try_scenario(spec, repro, &cause);
    repro->wall_ns = cp_now_ns() - begin_ns;
    if (!done && g_error_matches(cause, CP_ERROR, CP_ERROR_UNTESTABLE)) {
        cp_repro_set_reason(repro, cause->message);
        return TRUE;
    }
    if (!done)
        g_propagate_error(error, g_steal_pointer(&cause));
    return done;
}
