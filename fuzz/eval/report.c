/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * eval-report --seconds T MUTANTS OUTCOMES FUZZER...: what scripts/fuzz eval found out so far, as a table. Outcomes are
 * lines of: key, fuzzer, mutant, trial, seed, found or missed, CPU seconds, executions, what was seen. The fuzzers are
 * compared with the first.
 */

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "measure/statistics.h"
#include "show/grid.h"

/* Fewer trials than these decide nothing. */
#define TRIALS_MIN 10

#define TRIALS_MAX (CP_RANK_TEST_MAX_N / 2)

/* Where a difference is said to be one. */
#define ALPHA 0.05

/* One fuzzer on one mutant. */
typedef struct {
    double times[TRIALS_MAX]; /* to the finding; all the time there is, where there was none */
    double spent[TRIALS_MAX]; /* may be less than all the time, see is_decided() */
    gboolean found[TRIALS_MAX];
    gboolean done[TRIALS_MAX];
    gboolean by_seeds; /* no mutation was needed */
} Cell;

typedef struct {
    char *id;
    char *kind;
    const char *unit; /* "yes", "no", or "?" where it was not asked */
    Cell *cells;      /* one for each fuzzer */
} Row;

static double seconds = 60;
static char **operands;

static const GOptionEntry options[] = {
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "CPU time of a trial (60)", "T" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, "MUTANTS OUTCOMES FUZZER..." },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
row_free(void *data)
{
    Row *row = data;

    g_free(row->id);
    g_free(row->kind);
    g_free(row->cells);
    g_free(row);
}

/* --- reading --- */

static char **
lines_of(const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (!g_file_get_contents(file, &text, NULL, &error)) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        exit(254);
    }
    return g_strsplit(text, "\n", -1);
}

static GPtrArray *
read_mutants(const char *file, guint n_fuzzers)
{
    g_auto(GStrv) lines = lines_of(file);
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    gsize i;

    for (i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
        Row *row;

        if (lines[i][0] == '#' || g_strv_length(fields) < 7)
            continue;
        row = g_new0(Row, 1);
        row->id = g_strdup(fields[0]);
        row->kind = g_strdup(fields[5]);
        row->unit = "?";
        row->cells = g_new0(Cell, n_fuzzers);
        g_ptr_array_add(rows, row);
    }
    return rows;
}

static Row *
row_of(const GPtrArray *rows, const char *id)
{
    guint i;

    for (i = 0; i < rows->len; i++) {
        Row *row = g_ptr_array_index(rows, i);

        if (g_str_equal(row->id, id))
            return row;
    }
    return NULL;
}

static int
fuzzer_of(char **fuzzers, const char *name)
{
    int i;

    for (i = 0; fuzzers[i]; i++) {
        if (g_str_equal(fuzzers[i], name))
            return i;
    }
    return -1;
}

static void
read_outcomes(const char *file, const GPtrArray *rows, char **fuzzers)
{
    g_auto(GStrv) lines = lines_of(file);
    gsize i;

    for (i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
        Row *row = g_strv_length(fields) == 9 ? row_of(rows, fields[2]) : NULL;
        gboolean found = row && g_str_equal(fields[5], "found");
        int fuzzer = row ? fuzzer_of(fuzzers, fields[1]) : -1;
        guint64 trial = row ? g_ascii_strtoull(fields[3], NULL, 10) : 0;

        if (row && g_str_equal(fields[1], "unit"))
            row->unit = found ? "yes" : "no";
        if (fuzzer < 0 || trial > TRIALS_MAX)
            continue;
        if (trial == 0) {
            row->cells[fuzzer].by_seeds = found;
        } else {
            row->cells[fuzzer].done[trial - 1] = TRUE;
            row->cells[fuzzer].found[trial - 1] = found;
            row->cells[fuzzer].spent[trial - 1] = g_ascii_strtod(fields[6], NULL);
            row->cells[fuzzer].times[trial - 1] = found ? MIN(row->cells[fuzzer].spent[trial - 1], seconds) : seconds;
        }
    }
}

/* The limit on CPU time is in whole seconds, and may strike within the last. */
static gboolean
is_cut(const Cell *cell, guint trial)
{
    return cell->done[trial] && !cell->found[trial] && cell->spent[trial] < seconds - 1;
}

/* A trial that was cut short counts where the fuzzer that all are compared with was faster in each of its own. */
static gboolean
is_decided(const Cell *cell, guint trial, const Cell *first)
{
    guint i;

    for (i = 0; i < TRIALS_MAX; i++) {
        if (first->done[i] && first->times[i] >= cell->spent[trial])
            return FALSE;
    }
    return TRUE;
}

static void
drop_undecided(const GPtrArray *rows, guint n_fuzzers)
{
    guint trial;
    guint i;
    guint f;

    for (i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);

        for (f = 0; f < n_fuzzers; f++) {
            Cell *cell = &row->cells[f];

            for (trial = 0; trial < TRIALS_MAX; trial++) {
                if (is_cut(cell, trial) && !is_decided(cell, trial, &row->cells[0]))
                    cell->done[trial] = FALSE;
            }
        }
    }
}

/* --- showing --- */

/* How many trials every fuzzer has had on every mutant. */
static guint
count_trials(const GPtrArray *rows, guint n_fuzzers)
{
    guint trial;
    guint i;
    guint f;

    for (trial = 0; trial < TRIALS_MAX; trial++) {
        for (i = 0; i < rows->len; i++) {
            const Row *row = g_ptr_array_index(rows, i);

            for (f = 0; f < n_fuzzers; f++) {
                if (!row->cells[f].done[trial])
                    return trial;
            }
        }
    }
    return trial;
}

static guint
count_found(const Cell *cell, guint trials)
{
    guint count = 0;
    guint i;

    for (i = 0; i < trials; i++)
        count += cell->found[i];
    return count;
}

static guint
count_cut(const Cell *cell, guint trials)
{
    guint count = 0;
    guint i;

    for (i = 0; i < trials; i++)
        count += is_cut(cell, i);
    return count;
}

static guint
count_all_cut(const GPtrArray *rows, guint fuzzer, guint trials)
{
    guint count = 0;
    guint i;

    for (i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);

        count += count_cut(&row->cells[fuzzer], trials);
    }
    return count;
}

static int
compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;

    return (*x > *y) - (*x < *y);
}

static double
median(const double *values, guint n)
{
    g_autofree double *sorted = g_memdup2(values, n * sizeof(*values));

    qsort(sorted, n, sizeof(*sorted), compare);
    return cp_quantile(sorted, n, 0.5);
}

/* How much sooner the first fuzzer finds a defect than another. */
static CpRankTest
test_of(const Row *row, guint fuzzer, guint trials)
{
    return cp_rank_test(row->cells[fuzzer].times, trials, row->cells[0].times, trials);
}

static void
add_test(CpGrid *grid, const Row *row, guint fuzzer, guint trials)
{
    CpRankTest test;

    if (trials < TRIALS_MIN) {
        cp_grid_add(grid, "-");
        cp_grid_add(grid, "-");
        return;
    }
    test = test_of(row, fuzzer, trials);
    cp_grid_add(grid, test.p < 0.0001 ? "%.0e" : "%.4f", test.p);
    cp_grid_add(grid, "%.2f", test.a12);
}

static void
show_mutants(const GPtrArray *rows, char **fuzzers, guint trials)
{
    g_autoptr(GPtrArray) heads = g_ptr_array_new();
    g_autoptr(CpGrid) grid = NULL;
    guint i;
    guint f;

    g_ptr_array_add(heads, "<mutant");
    g_ptr_array_add(heads, "<kind");
    g_ptr_array_add(heads, "<unit tests");
    for (f = 0; fuzzers[f]; f++) {
        g_ptr_array_add(heads, fuzzers[f]);
        g_ptr_array_add(heads, "median");
        if (f > 0) {
            g_ptr_array_add(heads, "p");
            g_ptr_array_add(heads, "A12");
        }
    }
    g_ptr_array_add(heads, "<seeds alone");
    g_ptr_array_add(heads, NULL);
    grid = cp_grid_new((const char *const *)heads->pdata);

    for (i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);
        g_autoptr(GString) seeds = g_string_new(NULL);

        cp_grid_add(grid, "%s", row->id);
        cp_grid_add(grid, "%s", row->kind);
        cp_grid_add(grid, "%s", row->unit);
        for (f = 0; fuzzers[f]; f++) {
            const Cell *cell = &row->cells[f];
            guint found = count_found(cell, trials);

            cp_grid_add(grid, "%u/%u%s", found, trials, count_cut(cell, trials) ? " *" : "");
            if (2 * found > trials)
                cp_grid_add(grid, "%.2f s", median(cell->times, trials));
            else
                cp_grid_add(grid, "-");
            if (f > 0)
                add_test(grid, row, f, trials);
            if (cell->by_seeds)
                g_string_append_printf(seeds, "%s%s", seeds->len > 0 ? ", " : "", fuzzers[f]);
        }
        cp_grid_add(grid, "%s", seeds->str);
    }
    cp_grid_print(grid, stdout);
}

static void
show_fuzzer(const GPtrArray *rows, guint fuzzer, const char *name, guint trials)
{
    guint always = 0;
    guint once = 0;
    guint by_seeds = 0;
    guint pairs = 0;
    guint cut = count_all_cut(rows, fuzzer, trials);
    guint i;

    for (i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);
        guint found = count_found(&row->cells[fuzzer], trials);

        always += trials > 0 && found == trials;
        once += found > 0;
        by_seeds += row->cells[fuzzer].by_seeds;
        pairs += found;
    }
    g_print(
        "%s: of %u defects %u found in every trial (%.1f %%), %u at least once (%.1f %%), %u by the seeds alone; in "
        "%.1f %% of all trials\n",
        name, rows->len, always, 100.0 * always / rows->len, once, 100.0 * once / rows->len, by_seeds,
        trials ? 100.0 * pairs / trials / rows->len : 0);
    if (cut > 0)
        g_print("* %u trials of %s were ended once slower than all that they are compared with: what these would have "
                "found is not counted\n",
                cut, name);
}

static int
compare_p(const void *a, const void *b)
{
    return compare(&((const CpRankTest *)a)->p, &((const CpRankTest *)b)->p);
}

/* On how many defects which of two fuzzers was the faster, after Holm and Bonferroni. */
static void
show_wins(const GPtrArray *rows, char **fuzzers, guint other, guint trials)
{
    g_autofree CpRankTest *tests = g_new(CpRankTest, rows->len);
    guint sooner = 0;
    guint later = 0;
    guint i;

    for (i = 0; i < rows->len; i++)
        tests[i] = test_of(g_ptr_array_index(rows, i), other, trials);
    qsort(tests, rows->len, sizeof(*tests), compare_p);
    for (i = 0; i < rows->len && tests[i].p * (rows->len - i) < ALPHA; i++) {
        sooner += tests[i].a12 > 0.5;
        later += tests[i].a12 < 0.5;
    }
    g_print("%s against %s: sooner on %u defects, later on %u, no difference shown on %u (p < %g after Holm and "
            "Bonferroni)\n",
            fuzzers[0], fuzzers[other], sooner, later, rows->len - sooner - later, ALPHA);
}

/* How many defects each trial found, as values of a sample. */
static void
sum_trials(const GPtrArray *rows, guint fuzzer, guint trials, double *sums)
{
    guint trial;
    guint i;

    for (trial = 0; trial < trials; trial++) {
        sums[trial] = 0;
        for (i = 0; i < rows->len; i++) {
            const Row *row = g_ptr_array_index(rows, i);

            sums[trial] += row->cells[fuzzer].found[trial];
        }
    }
}

static void
show_comparison(const GPtrArray *rows, char **fuzzers, guint other, guint trials)
{
    double first[TRIALS_MAX];
    double second[TRIALS_MAX];
    CpRankTest test;

    show_wins(rows, fuzzers, other, trials);
    if (count_all_cut(rows, other, trials) > 0)
        return;
    sum_trials(rows, 0, trials, first);
    sum_trials(rows, other, trials, second);
    test = cp_rank_test(first, trials, second, trials);
    g_print("%s against %s: a trial found %g defects against %g (medians); U = %g, p = %.2g, A12 = %.2f\n", fuzzers[0],
            fuzzers[other], median(first, trials), median(second, trials), test.u, test.p, test.a12);
}

static void
show_units(const GPtrArray *rows)
{
    guint asked = 0;
    guint seen = 0;
    guint i;

    for (i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);

        asked += row->unit[0] != '?';
        seen += row->unit[0] == 'y';
    }
    g_print("libvirt's unit tests: of %u defects %u seen\n", asked, seen);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- show an evaluation");
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;
    char **fuzzers;
    guint trials;
    guint f;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return 254;
    }
    if (!operands || g_strv_length(operands) < 3 || seconds <= 0) {
        g_printerr("%s: wants mutants, outcomes, and at least one fuzzer; see --help\n", g_get_prgname());
        return 254;
    }
    fuzzers = operands + 2;
    rows = read_mutants(operands[0], g_strv_length(fuzzers));
    if (rows->len == 0) {
        g_printerr("%s: %s: no mutant in it\n", g_get_prgname(), operands[0]);
        return 254;
    }
    read_outcomes(operands[1], rows, fuzzers);
    drop_undecided(rows, g_strv_length(fuzzers));
    trials = count_trials(rows, g_strv_length(fuzzers));

    show_mutants(rows, fuzzers, trials);
    g_print("\n");
    for (f = 0; fuzzers[f]; f++)
        show_fuzzer(rows, f, fuzzers[f], trials);
    show_units(rows);
    if (trials < TRIALS_MIN) {
        g_print("%u trials of %d done: too few to compare\n", trials, TRIALS_MIN);
    } else {
        for (f = 1; fuzzers[f]; f++)
            show_comparison(rows, fuzzers, f, trials);
    }
    g_strfreev(operands);
    return 0;
}
