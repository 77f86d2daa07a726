/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * eval-report MUTANTS OUTCOMES FUZZER...: prints what scripts/fuzz eval has found out so far: a table of the mutants, a
 * summary of each fuzzer, and a comparison of the first fuzzer with each of the others.
 */

#include <stdlib.h>

#include "base/error.h"
#include "eval/outcomes.h"
#include "show/grid.h"

/* Fuzzers are not compared if they have done fewer trials than this. */
#define TRIALS_MIN 10

/* The level of significance of a difference. */
#define ALPHA 0.05

static guint
count_true(const gboolean *values, guint n)
{
    guint count = 0;

    for (guint i = 0; i < n; i++)
        count += values[i];
    return count;
}

/* How much faster the first fuzzer finds a defect than another. */
static CpRankTest
compare_times(const CpMutant *mutant, guint fuzzer, guint trials)
{
    return cp_rank_test(mutant->trials[fuzzer].times, trials, mutant->trials[0].times, trials);
}

/* --- the table of mutants --- */

static void
add_test(CpGrid *grid, const CpMutant *mutant, guint fuzzer, guint trials)
{
    if (trials < TRIALS_MIN) {
        cp_grid_add(grid, "-");
        cp_grid_add(grid, "-");
        return;
    }
    CpRankTest test = compare_times(mutant, fuzzer, trials);
    cp_grid_add(grid, test.p < 0.0001 ? "%.0e" : "%.4f", test.p);
    cp_grid_add(grid, "%.2f", test.a12);
}

static void
add_mutant(CpGrid *grid, const CpOutcomes *outcomes, const CpMutant *mutant, guint trials)
{
    g_autoptr(GString) seeds = g_string_new(NULL);

    cp_grid_add(grid, "%s", mutant->id);
    cp_grid_add(grid, "%s", mutant->kind);
    cp_grid_add(grid, "%s", mutant->unit_tests);
    for (guint f = 0; f < outcomes->n_fuzzers; f++) {
        const CpTrials *of_fuzzer = &mutant->trials[f];
        guint found = count_true(of_fuzzer->found, trials);

        cp_grid_add(grid, "%u/%u%s", found, trials, count_true(of_fuzzer->ended_early, trials) ? " *" : "");
        if (2 * found > trials)
            cp_grid_add(grid, "%.2f s", cp_median(of_fuzzer->times, trials));
        else
            cp_grid_add(grid, "-");
        if (f > 0)
            add_test(grid, mutant, f, trials);
        if (of_fuzzer->found_by_seeds)
            g_string_append_printf(seeds, "%s%s", seeds->len > 0 ? ", " : "", outcomes->fuzzers[f]);
    }
    cp_grid_add(grid, "%s", seeds->str);
}

static void
show_mutants(const CpOutcomes *outcomes, guint trials)
{
    g_autoptr(GPtrArray) heads = g_ptr_array_new();

    g_ptr_array_add(heads, "<mutant");
    g_ptr_array_add(heads, "<kind");
    g_ptr_array_add(heads, "<unit tests");
    for (guint f = 0; f < outcomes->n_fuzzers; f++) {
        g_ptr_array_add(heads, (char *)outcomes->fuzzers[f]);
        g_ptr_array_add(heads, "median");
        if (f > 0) {
            g_ptr_array_add(heads, "p");
            g_ptr_array_add(heads, "A12");
        }
    }
    g_ptr_array_add(heads, "<seeds alone");
    g_ptr_array_add(heads, NULL);

    g_autoptr(CpGrid) grid = cp_grid_new((const char *const *)heads->pdata);
    for (guint i = 0; i < outcomes->mutants->len; i++)
        add_mutant(grid, outcomes, cp_outcomes_mutant(outcomes, i), trials);
    cp_grid_print(grid, stdout);
}

/* --- summaries --- */

static guint
count_ended_early(const CpOutcomes *outcomes, guint fuzzer, guint trials)
{
    guint count = 0;

    for (guint i = 0; i < outcomes->mutants->len; i++)
        count += count_true(cp_outcomes_mutant(outcomes, i)->trials[fuzzer].ended_early, trials);
    return count;
}

static void
show_fuzzer(const CpOutcomes *outcomes, guint fuzzer, guint trials)
{
    guint mutants = outcomes->mutants->len;
    guint always = 0;
    guint once = 0;
    guint by_seeds = 0;
    guint pairs = 0;

    for (guint i = 0; i < mutants; i++) {
        const CpTrials *of_fuzzer = &cp_outcomes_mutant(outcomes, i)->trials[fuzzer];
        guint found = count_true(of_fuzzer->found, trials);

        always += trials > 0 && found == trials;
        once += found > 0;
        by_seeds += of_fuzzer->found_by_seeds;
        pairs += found;
    }
    g_print(
        "%s: of %u defects %u found in every trial (%.1f %%), %u at least once (%.1f %%), %u by the seeds alone; in "
        "%.1f %% of all trials\n",
        outcomes->fuzzers[fuzzer], mutants, always, 100.0 * always / mutants, once, 100.0 * once / mutants, by_seeds,
        trials ? 100.0 * pairs / trials / mutants : 0);

    guint ended_early = count_ended_early(outcomes, fuzzer, trials);
    if (ended_early > 0)
        g_print("* %u trials of %s were ended early, because they were slower than all trials of %s; what they would "
                "have found later is not counted\n",
                ended_early, outcomes->fuzzers[fuzzer], outcomes->fuzzers[0]);
}

static void
show_unit_tests(const CpOutcomes *outcomes)
{
    guint tried = 0;
    guint seen = 0;

    for (guint i = 0; i < outcomes->mutants->len; i++) {
        const CpMutant *mutant = cp_outcomes_mutant(outcomes, i);

        tried += mutant->unit_tests[0] != '?';
        seen += mutant->unit_tests[0] == 'y';
    }
    g_print("libvirt's unit tests: of %u defects %u seen\n", tried, seen);
}

/* --- comparisons --- */

static int
compare_p(gconstpointer a, gconstpointer b)
{
    return cp_compare_doubles(&((const CpRankTest *)a)->p, &((const CpRankTest *)b)->p);
}

/* Shows on how many defects which of two fuzzers is faster, with the correction of Holm and Bonferroni. */
static void
show_wins(const CpOutcomes *outcomes, guint other, guint trials)
{
    guint mutants = outcomes->mutants->len;
    g_autofree CpRankTest *tests = g_new(CpRankTest, mutants);
    guint sooner = 0;
    guint later = 0;

    for (guint i = 0; i < mutants; i++)
        tests[i] = compare_times(cp_outcomes_mutant(outcomes, i), other, trials);
    qsort(tests, mutants, sizeof(*tests), compare_p);
    for (guint i = 0; i < mutants && tests[i].p * (mutants - i) < ALPHA; i++) {
        sooner += tests[i].a12 > 0.5;
        later += tests[i].a12 < 0.5;
    }
    g_print("%s against %s: sooner on %u defects, later on %u, no difference shown on %u (p < %g after Holm and "
            "Bonferroni)\n",
            outcomes->fuzzers[0], outcomes->fuzzers[other], sooner, later, mutants - sooner - later, ALPHA);
}

/* Sets `counts` to how many defects each trial found. */
static void
count_per_trial(const CpOutcomes *outcomes, guint fuzzer, guint trials, double *counts)
{
    for (guint trial = 0; trial < trials; trial++) {
        counts[trial] = 0;
        for (guint i = 0; i < outcomes->mutants->len; i++)
            counts[trial] += cp_outcomes_mutant(outcomes, i)->trials[fuzzer].found[trial];
    }
}

static void
show_comparison(const CpOutcomes *outcomes, guint other, guint trials)
{
    show_wins(outcomes, other, trials);
    if (count_ended_early(outcomes, other, trials) > 0)
        return;
    double first[CP_TRIALS_MAX];
    double second[CP_TRIALS_MAX];
    count_per_trial(outcomes, 0, trials, first);
    count_per_trial(outcomes, other, trials, second);
    CpRankTest test = cp_rank_test(first, trials, second, trials);
    g_print("%s against %s: a trial found %g defects against %g (medians); U = %g, p = %.2g, A12 = %.2f\n",
            outcomes->fuzzers[0], outcomes->fuzzers[other], cp_median(first, trials), cp_median(second, trials), test.u,
            test.p, test.a12);
}

static void
show(const CpOutcomes *outcomes)
{
    guint trials = cp_outcomes_count_trials(outcomes);

    show_mutants(outcomes, trials);
    g_print("\n");
    for (guint f = 0; f < outcomes->n_fuzzers; f++)
        show_fuzzer(outcomes, f, trials);
    show_unit_tests(outcomes);
    if (trials < TRIALS_MIN) {
        g_print("%u trials of %d done: too few to compare\n", trials, TRIALS_MIN);
        return;
    }
    for (guint f = 1; f < outcomes->n_fuzzers; f++)
        show_comparison(outcomes, f, trials);
}

int
main(int argc, char **argv)
{
    double seconds = 60;
    g_auto(GStrv) operands = NULL;
    const GOptionEntry options[] = {
        { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "The full CPU time of a trial (default: 60)", "SECONDS" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, "MUTANTS OUTCOMES FUZZER..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- report on an evaluation of fuzzers");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }
    if (!operands || g_strv_length(operands) < 3 || seconds <= 0) {
        g_printerr("%s: expected a table of mutants, a file of outcomes, at least one fuzzer, and SECONDS above 0; see "
                   "--help\n",
                   g_get_prgname());
        return CP_EXIT_USAGE;
    }
    g_autoptr(CpOutcomes) outcomes =
        cp_outcomes_read(operands[0], operands[1], (const char *const *)operands + 2, seconds, &error);
    if (!outcomes) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }
    show(outcomes);
    return CP_EXIT_WELL;
}
