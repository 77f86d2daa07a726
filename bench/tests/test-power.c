/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How often a comparison sees a change of a given size, and how often one that is not there. Changes are planted in samples
 * that were measured, or else in made-up ones:
 *
 *   test-power [COMPARISONS [RESULT...]]
 *
 * Each RESULT is of a run of two variants that are the same (`capprobe ab --self --output RESULT`). A comparison draws blocks of
 * two rounds from it, with replacement, and exchanges the variants of each block at random. The table says in how many
 * comparisons of 100 the change was seen.
 */
#include <stdlib.h>

#include "made-result.h"
#include "measure/precision.h"

#define PRECISION 0.02
#define LIMIT 1000

/* What is known of a line: the times of both variants in each round, ns; values 2k and 2k + 1 are of a block. */
typedef struct {
    char *name;
    GArray *times[2]; /* of double */
    double median;
} Source;

typedef struct {
    GPtrArray *sources; /* of Source */
    GRand *random;
} World;

static void
source_free(gpointer data)
{
    Source *source = data;
    g_free(source->name);
    g_array_unref(source->times[0]);
    g_array_unref(source->times[1]);
    g_free(source);
}

static Source *
source_new(const char *name)
{
    Source *source = g_new0(Source, 1);
    source->name = g_strdup(name);
    source->times[0] = g_array_new(FALSE, FALSE, sizeof(double));
    source->times[1] = g_array_new(FALSE, FALSE, sizeof(double));
    return source;
}

static void
add_source(World *world, Source *source)
{
    source->median = cp_median((const double *)source->times[0]->data, source->times[0]->len);
    g_ptr_array_add(world->sources, source);
}

/* Made-up samples: a spread of 4 %, a long tail, and a drift that affects both variants. */
static void
make_up(World *world, const char *name, double ns)
{
    Source *source = source_new(name);
    for (int round = 0; round < 200; round++) {
        for (int v = 0; v < 2; v++) {
            double noise = 0;
            for (int i = 0; i < 12; i++)
                noise += g_rand_double(world->random) - 0.5;
            double tail = g_rand_double(world->random) < 0.05 ? 0.3 * g_rand_double(world->random) : 0;
            double time = ns * (1 + 0.04 * noise + tail + 0.1 * round / 200);
            g_array_append_val(source->times[v], time);
        }
    }
    add_source(world, source);
}

/* The median of what a variant has of a line in a round; 0 if it has nothing. */
static double
time_of(const CpResult *result, const char *scenario, guint v, gint64 line, gint64 round)
{
    const CpResultVariant *variant = result->variants->pdata[v];
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *of = result->scenarios->pdata[i];
        for (guint s = 0; s < of->samples->len; s++) {
            const CpSample *sample = &g_array_index(of->samples, CpSample, s);
            double ns = sample->ns;
            if (sample->line == line && sample->round == round && g_str_equal(of->variant, variant->name) &&
                g_str_equal(of->name, scenario))
                g_array_append_val(times, ns);
        }
    }
    return times->len > 0 ? cp_median((const double *)times->data, times->len) : 0;
}

static void
load(World *world, const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) result = cp_result_load(file, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(result->variants->len, ==, 2);
    for (guint i = 0; i < result->scenarios->len; i += 2) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
        for (guint l = 0; l < lines->len; l++) {
            const CpResultLine *line = lines->pdata[l];
            g_autofree char *name =
                g_strdup_printf("%s:%d %s", scenario->name, (int)line->line, line->label ? line->label : "");
            Source *source = source_new(name);
            for (gint64 round = 1; round + 1 <= scenario->rounds; round += 2) {
                double times[2][2];
                for (int v = 0; v < 2; v++) {
                    times[v][0] = time_of(result, scenario->name, v, line->line, round);
                    times[v][1] = time_of(result, scenario->name, v, line->line, round + 1);
                }
                for (int v = 0; v < 2 && times[0][0] * times[0][1] * times[1][0] * times[1][1] > 0; v++)
                    g_array_append_vals(source->times[v], times[v], 2);
            }
            add_source(world, source);
        }
    }
}

/* What is planted in which line. */
typedef struct {
    guint line; /* an index; of none if it is the number of lines */
    double ratio, ns;
} Planted;

/* Draws a block of a line: times[v][0] and [1]. */
static void
draw(const World *world, guint line, const Planted *planted, double times[2][2])
{
    const Source *source = world->sources->pdata[line];
    guint block = g_rand_int_range(world->random, 0, source->times[0]->len / 2);
    gboolean exchanged = g_rand_boolean(world->random);
    for (int v = 0; v < 2; v++) {
        for (int i = 0; i < 2; i++) {
            times[v][i] = g_array_index(source->times[exchanged ? 1 - v : v], double, 2 * block + i);
            if (v == 1 && planted->line == line)
                times[v][i] += planted->ratio * source->median + planted->ns;
        }
    }
}

/* Compares two variants in that many rounds, an even number. */
static CpComparison *
compare(const World *world, CpResult *result, gint64 rounds, const Planted *planted)
{
    for (guint line = 0; line < world->sources->len; line++) {
        g_autofree char *name = g_strdup_printf("%u", line);
        CpScenarioResult *scenarios[] = { made_scenario(result, name, "old", rounds),
                                          made_scenario(result, name, "new", rounds) };
        for (gint64 round = 1; round < rounds; round += 2) {
            double times[2][2];
            draw(world, line, planted, times);
            for (int v = 0; v < 2; v++) {
                made_sample(scenarios[v], round, times[v][0]);
                made_sample(scenarios[v], round + 1, times[v][1]);
            }
        }
    }
    return compare_variants(result, (CpComparisonRule)CP_COMPARISON_RULE);
}

/* Whether any line has changed; with a second run if `twice`, which decides about lines that are slower. */
static gboolean
sees(const World *world, gint64 rounds, const Planted *planted, gboolean twice)
{
    g_autoptr(CpResult) first = made_variants(), second = made_variants();
    g_autoptr(CpComparison) comparison = compare(world, first, rounds, planted);
    if (twice && cp_comparison_alarms(comparison, NULL)) {
        g_autoptr(CpComparison) again = compare(world, second, rounds, planted);
        cp_comparison_confirm(comparison, again);
        return cp_comparison_alarms(comparison, NULL);
    }
    for (guint i = 0; i < comparison->lines->len; i++) {
        CpChange change = line_of(comparison, i)->change;
        if (change == CP_CHANGE_SLOWER || (change == CP_CHANGE_FASTER && !twice))
            return TRUE;
    }
    return FALSE;
}

/* In how many of `n` comparisons of 100 a change is seen. */
static double
percentage(const World *world, int n, gint64 rounds, Planted planted, gboolean twice)
{
    int seen = 0;
    for (int i = 0; i < n; i++)
        seen += sees(world, rounds, &planted, twice);
    return 100.0 * seen / n;
}

/* How many rounds --rounds auto runs for one line; 0 if it gives up. */
static gint64
rounds_of(const World *world, guint line, const Planted *planted)
{
    g_autoptr(CpPrecision) precision = cp_precision_new(PRECISION, LIMIT);
    g_autoptr(CpEvent) begin = cp_event_new(CP_EVENT_ROUND), read = cp_event_new(CP_EVENT_READ),
                       end = cp_event_new(CP_EVENT_ROUND_END);
    begin->scenario = g_strdup("s");
    read->name = g_strdup("read");
    read->answer = g_strdup("a");
    for (gint64 round = 1; round < LIMIT; round += 2) {
        double times[2][2];
        gboolean enough = FALSE;
        draw(world, line, planted, times);
        for (int i = 0; i < 4; i++) {
            g_free(begin->variant);
            begin->variant = g_strdup(i % 2 == 0 ? "old" : "new");
            begin->round = round + i / 2;
            read->end_ns = times[i % 2][i / 2];
            cp_precision_take(begin, precision);
            cp_precision_take(read, precision);
            enough = cp_precision_take(end, precision);
        }
        gsize needed;
        if (enough)
            return cp_precision_is_reached(precision, &needed) ? round + 1 : 0;
    }
    return 0;
}

/* Of `n` runs with --rounds auto: how many reach the precision, their mean number of rounds, and in how many of 100 of them a
 * change of a line is seen that is as large as the precision. */
static double
percentage_of_auto(const World *world, guint line, int n, int *reached, double *rounds)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    g_ptr_array_add(sources, world->sources->pdata[line]);
    World alone = { sources, world->random };
    Planted planted = { 0, PRECISION, 0 };
    int seen = 0;
    *rounds = *reached = 0;
    for (int i = 0; i < n; i++) {
        gint64 needed = rounds_of(&alone, 0, &planted);
        if (needed == 0)
            continue;
        ++*reached;
        *rounds += needed;
        seen += sees(&alone, needed, &planted, FALSE);
    }
    *rounds /= MAX(*reached, 1);
    return 100.0 * seen / MAX(*reached, 1);
}

/* Prints how often changes of one line are seen. */
static void
print_line(const World *world, guint line, int n)
{
    static const gint64 rounds[] = { 10, 20, 40, 80, 160 };
    static const double ratios[] = { 0.01, 0.02, 0.03, 0.05, 0.1, 0.2 };
    const Source *source = world->sources->pdata[line];
    g_test_message("%s: median %.3f ms, from %u rounds", source->name, source->median / MS, source->times[0]->len);
    g_test_message("rounds     1 %%     2 %%     3 %%     5 %%    10 %%    20 %%   20 ms");
    for (gsize r = 0; r < G_N_ELEMENTS(rounds); r++) {
        g_autoptr(GString) row = g_string_new(NULL);
        g_string_append_printf(row, "%6d", (int)rounds[r]);
        for (gsize i = 0; i < G_N_ELEMENTS(ratios); i++)
            g_string_append_printf(row, " %7.1f",
                                   percentage(world, n, rounds[r], (Planted){ line, ratios[i], 0 }, FALSE));
        g_string_append_printf(row, " %7.1f", percentage(world, n, rounds[r], (Planted){ line, 0, 20 * MS }, FALSE));
        g_test_message("%s", row->str);
    }
    int reached;
    double needed, seen = percentage_of_auto(world, line, n, &reached, &needed);
    g_test_message(
        "--rounds auto --precision 2%%, planted 2 %%: reached by %d of %d runs, after %.0f rounds on average; "
        "seen %.1f",
        reached, n, needed, seen);
}

static void
print_tables(const World *world, int n)
{
    Planted nothing = { world->sources->len, 0, 0 };
    g_test_message("seen in 100 comparisons of %u lines; of each kind there were %d", world->sources->len, n);
    for (gint64 rounds = 20; rounds <= 160; rounds *= 2)
        g_test_message("nothing planted, %d rounds: any change %.1f; slower in two runs %.1f", (int)rounds,
                       percentage(world, n, rounds, nothing, FALSE), percentage(world, n, rounds, nothing, TRUE));
    for (guint line = 0; line < world->sources->len; line++)
        print_line(world, line, n);
}

static void
test_made_up(void)
{
    World world = { g_ptr_array_new_with_free_func(source_free), g_rand_new_with_seed(1) };
    Planted nothing = { 2, 0, 0 };
    double rounds;
    int reached;
    make_up(&world, "slow", 500.0 * MS);
    make_up(&world, "fast", 0.4 * MS);
    g_assert_cmpfloat(percentage(&world, 400, 20, nothing, FALSE), <=, 5);
    g_assert_cmpfloat(percentage(&world, 100, 20, nothing, TRUE), ==, 0);
    g_assert_cmpfloat(percentage(&world, 100, 40, (Planted){ 0, 0.05, 0 }, FALSE), >=, 90);
    g_assert_cmpfloat(percentage(&world, 100, 14, (Planted){ 1, 0.01, 0 }, FALSE), <=, 30);
    g_assert_cmpfloat(percentage_of_auto(&world, 0, 30, &reached, &rounds), >=, 90);
    g_assert_cmpint(reached, ==, 30);
    g_assert_cmpfloat(rounds, >, 20);
    g_assert_cmpfloat(rounds, <, 200);
    g_ptr_array_unref(world.sources);
    g_rand_free(world.random);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc > 1) {
        World world = { g_ptr_array_new_with_free_func(source_free), g_rand_new_with_seed(1) };
        for (int i = 2; i < argc; i++)
            load(&world, argv[i]);
        if (argc == 2)
            make_up(&world, "made up", 500.0 * MS);
        print_tables(&world, atoi(argv[1]));
        g_ptr_array_unref(world.sources);
        g_rand_free(world.random);
        return 0;
    }
    g_test_add_func("/power/made-up", test_made_up);
    return g_test_run();
}
