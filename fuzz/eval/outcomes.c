/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the outcomes of an evaluation, and decides which trials count. */
#include "eval/outcomes.h"

#include "base/error.h"

static void
free_mutant(gpointer data)
{
    CpMutant *mutant = data;

    g_free(mutant->id);
    g_free(mutant->kind);
    g_free(mutant->trials);
    g_free(mutant);
}

void
cp_outcomes_free(CpOutcomes *outcomes)
{
    if (!outcomes)
        return;
    g_ptr_array_unref(outcomes->mutants);
    g_free(outcomes);
}

const CpMutant *
cp_outcomes_mutant(const CpOutcomes *outcomes, guint i)
{
    return g_ptr_array_index(outcomes->mutants, i);
}

/* --- reading --- */

/* Returns the lines of `file`, or NULL. The caller owns them. */
static GStrv
read_lines(const char *file, GError **error)
{
    g_autofree char *text = NULL;

    return g_file_get_contents(file, &text, NULL, error) ? g_strsplit(text, "\n", -1) : NULL;
}

static gboolean
read_mutants(CpOutcomes *outcomes, const char *file, GError **error)
{
    g_auto(GStrv) lines = read_lines(file, error);

    if (!lines)
        return FALSE;
    for (gsize i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);

        if (lines[i][0] == '#' || g_strv_length(fields) < 7)
            continue;
        CpMutant *mutant = g_new0(CpMutant, 1);
        mutant->id = g_strdup(fields[0]);
        mutant->kind = g_strdup(fields[5]);
        mutant->unit_tests = "?";
        mutant->trials = g_new0(CpTrials, outcomes->n_fuzzers);
        g_ptr_array_add(outcomes->mutants, mutant);
    }
    if (outcomes->mutants->len == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: contains no mutants", file);
        return FALSE;
    }
    return TRUE;
}

static CpMutant *
find_mutant(const CpOutcomes *outcomes, const char *id)
{
    for (guint i = 0; i < outcomes->mutants->len; i++) {
        CpMutant *mutant = g_ptr_array_index(outcomes->mutants, i);

        if (g_str_equal(mutant->id, id))
            return mutant;
    }
    return NULL;
}

/* Returns the number of the fuzzer `name`, or -1. */
static int
find_fuzzer(const CpOutcomes *outcomes, const char *name)
{
    for (guint i = 0; i < outcomes->n_fuzzers; i++) {
        if (g_str_equal(outcomes->fuzzers[i], name))
            return i;
    }
    return -1;
}

static void
add_trial(CpTrials *trials, guint trial, gboolean found, double spent, double seconds)
{
    trials->done[trial] = TRUE;
    trials->found[trial] = found;
    trials->spent[trial] = spent;
    trials->times[trial] = found ? MIN(spent, seconds) : seconds;
    /* The limit on CPU time is in whole seconds, and may end a trial within the last one. */
    trials->ended_early[trial] = !found && spent < seconds - 1;
}

static gboolean
read_outcomes(CpOutcomes *outcomes, const char *file, double seconds, GError **error)
{
    g_auto(GStrv) lines = read_lines(file, error);

    if (!lines)
        return FALSE;
    for (gsize i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
        CpMutant *mutant = g_strv_length(fields) == 9 ? find_mutant(outcomes, fields[2]) : NULL;

        if (!mutant)
            continue;
        int fuzzer = find_fuzzer(outcomes, fields[1]);
        guint64 trial = g_ascii_strtoull(fields[3], NULL, 10);
        gboolean found = g_str_equal(fields[5], "found");

        if (g_str_equal(fields[1], "unit"))
            mutant->unit_tests = found ? "yes" : "no";
        if (fuzzer < 0 || trial > CP_TRIALS_MAX)
            continue;
        if (trial == 0)
            mutant->trials[fuzzer].found_by_seeds = found;
        else
            add_trial(&mutant->trials[fuzzer], trial - 1, found, g_ascii_strtod(fields[6], NULL), seconds);
    }
    return TRUE;
}

/* --- trials that count --- */

/* Returns whether a trial that was ended early was slower by then than all trials of `first`: only then it can be
 * compared with these. */
static gboolean
is_slower_than_all(const CpTrials *trials, guint trial, const CpTrials *first)
{
    for (guint i = 0; i < CP_TRIALS_MAX; i++) {
        if (first->done[i] && first->times[i] >= trials->spent[trial])
            return FALSE;
    }
    return TRUE;
}

static void
drop_undecided(const CpOutcomes *outcomes)
{
    for (guint i = 0; i < outcomes->mutants->len; i++) {
        const CpMutant *mutant = cp_outcomes_mutant(outcomes, i);

        for (guint f = 0; f < outcomes->n_fuzzers; f++) {
            CpTrials *trials = &mutant->trials[f];

            for (guint trial = 0; trial < CP_TRIALS_MAX; trial++) {
                if (trials->ended_early[trial] && !is_slower_than_all(trials, trial, &mutant->trials[0]))
                    trials->done[trial] = FALSE;
            }
        }
    }
}

CpOutcomes *
cp_outcomes_read(
    const char *mutants_file, const char *outcomes_file, const char *const *fuzzers, double seconds, GError **error)
{
    g_autoptr(CpOutcomes) outcomes = g_new0(CpOutcomes, 1);

    outcomes->mutants = g_ptr_array_new_with_free_func(free_mutant);
    outcomes->fuzzers = fuzzers;
    outcomes->n_fuzzers = g_strv_length((GStrv)fuzzers);
    if (!read_mutants(outcomes, mutants_file, error) || !read_outcomes(outcomes, outcomes_file, seconds, error))
        return NULL;
    drop_undecided(outcomes);
    return g_steal_pointer(&outcomes);
}

static gboolean
all_done(const CpOutcomes *outcomes, guint trial)
{
    for (guint i = 0; i < outcomes->mutants->len; i++) {
        for (guint f = 0; f < outcomes->n_fuzzers; f++) {
            if (!cp_outcomes_mutant(outcomes, i)->trials[f].done[trial])
                return FALSE;
        }
    }
    return TRUE;
}

guint
cp_outcomes_count_trials(const CpOutcomes *outcomes)
{
    guint trial = 0;

    while (trial < CP_TRIALS_MAX && all_done(outcomes, trial))
        trial++;
    return trial;
}
