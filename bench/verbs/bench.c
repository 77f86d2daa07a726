/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include <string.h>

#include "base/output.h"
#include "measure/result.h"
#include "run/own-files.h"
#include "show/table.h"
#include "verbs/run-options.h"

static struct {
    CpRunOptions run;
    char *suite, *output;
    char **scenarios;
    gint64 rounds;
    gboolean profile;
} options = { .suite = NULL, .rounds = 5 };

static const GOptionEntry entries[] = {
    { "suite", 0, 0, G_OPTION_ARG_STRING, &options.suite,
      "quick, standard (what libvirt claims to notice) or all (the known defects as well); default: standard", "NAME" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.scenarios,
      "A scenario file in place of a suite; may be given again", "FILE" },
    { "rounds", 0, 0, G_OPTION_ARG_INT64, &options.rounds, "How often each scenario is run (default: 5)", "N" },
    { "profile", 0, 0, G_OPTION_ARG_NONE, &options.profile,
      "Add where the time of a refresh goes, from rounds of its own", NULL },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "Write the result to a file, as JSON", "FILE" },
    CP_RUN_OPTIONS(options.run),
    { NULL },
};

/* The quick suite: one scenario of each kind. */
static const char *const quick[] = { "cold-probe", "warm-read", "remove-add", NULL };

static gboolean
add_file(GPtrArray *scenarios, const char *file, GError **error)
{
    CpScenario *scenario = cp_scenario_load(file, error);
    if (!scenario)
        return FALSE;
    for (guint i = 0; i < scenarios->len; i++) {
        const CpScenario *other = scenarios->pdata[i];
        if (g_str_equal(other->name, scenario->name)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: the name '%s' is that of %s too, expected different ones",
                        file, scenario->name, other->file);
            cp_scenario_free(scenario);
            return FALSE;
        }
    }
    g_ptr_array_add(scenarios, scenario);
    return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds DIR/NAME + suffix for each name in the folder, sorted, that `wanted` lists (or all, if it is NULL) and that
 * exists. */
static gboolean
add_folder(GPtrArray *scenarios, const char *folder, const char *suffix, const char *const *wanted, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_strdup_printf("%s/%s%s", folder, name, suffix);
        g_autofree char *stem = g_strndup(name, strlen(name) - (g_str_has_suffix(name, ".scn") ? strlen(".scn") : 0));
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR) && (!wanted || g_strv_contains(wanted, stem)))
            g_ptr_array_add(files, g_steal_pointer(&file));
    }
    g_ptr_array_sort(files, compare_names);
    for (guint i = 0; i < files->len; i++) {
        if (!add_file(scenarios, files->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_suite(GPtrArray *scenarios, const char *suite, GError **error)
{
    gboolean all = g_str_equal(suite, "all");
    if (!all && !g_str_equal(suite, "quick") && !g_str_equal(suite, "standard")) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--suite %s: expected quick, standard or all", suite);
        return FALSE;
    }
    g_autofree char *corpus = cp_own_corpus(error);
    if (!corpus)
        return FALSE;
    g_autofree char *standard = g_build_filename(corpus, "scenarios", NULL);
    g_autofree char *bugs = g_build_filename(corpus, "bugs", NULL);
    return add_folder(scenarios, standard, "", g_str_equal(suite, "quick") ? quick : NULL, error) &&
           (!all || add_folder(scenarios, bugs, "/repro.scn", NULL, error));
}

static gboolean
collect(GPtrArray *scenarios, GError **error)
{
    if (!options.scenarios)
        return add_suite(scenarios, options.suite ? options.suite : "standard", error);
    if (options.suite) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--suite and --scenario exclude each other");
        return FALSE;
    }
    for (char **file = options.scenarios; *file; file++) {
        if (!add_file(scenarios, *file, error))
            return FALSE;
    }
    return TRUE;
}

static CpExit
run(int argc, char **argv, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);

    if (argc > 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "bench: '%s': no argument expected; a scenario is given by --scenario", argv[0]);
        return CP_EXIT_USAGE;
    }
    if (options.rounds < 1 || options.rounds > 100000) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--rounds %" G_GINT64_FORMAT ": expected a number from 1 to 100000", options.rounds);
        return CP_EXIT_USAGE;
    }
    if (!cp_output_check(options.output, error) || !collect(scenarios, error))
        return CP_EXIT_USAGE;

    g_autoptr(CpJudgement) judgement =
        cp_run_with_options(&options.run, scenarios, options.rounds, options.profile ? 3 : 0, error);
    if (!judgement)
        return CP_EXIT_FAILED;
    g_autoptr(CpResult) result = cp_result_new(judgement);
    cp_table_print(result, stdout);
    if (options.output && !cp_result_save(result, options.output, error))
        return CP_EXIT_FAILED;
    return cp_judgement_exit(judgement);
}

const CpVerb cp_verb_bench = {
    .name = "bench",
    .summary = "run a suite of scenarios and show what they cost",
    .description = "Runs every scenario of a suite --rounds times, in an order shuffled by --seed, and shows for each "
                   "how the reads were\n"
                   "judged, which refreshes were needed, and the latency of its reads.",
    .options = entries,
    .run = run,
};
