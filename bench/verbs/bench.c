/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe bench`: runs a suite of scenarios and shows the result as a table. */
#include <string.h>

#include "base/text.h"
#include "measure/result.h"
#include "run/own-files.h"
#include "show/table.h"
#include "verbs/run-scenarios.h"

#define DEFAULT_ROUNDS 5

/* The quick suite: one scenario of each kind. */
static const char *const quick[] = { "cold-probe", "warm-read", "remove-add", NULL };

/* Situations that people have reported, which take long or need root. Only the suite `all` has them. */
static const char *const reported[] = {
    "epoch-stamps", "exec-denied", "image-oci",    "image-rsync", "image-tar",        "kernel-without-kvm",
    "kvm-acl",      "package-apt", "package-dpkg", "package-rpm", "unrelated-plugin", NULL,
};

static gboolean
add_file(GPtrArray *scenarios, const char *file, GError **error)
{
    CpScenario *scenario = cp_scenario_load(file, error);
    if (!scenario)
        return FALSE;
    for (guint i = 0; i < scenarios->len; i++) {
        const CpScenario *other = scenarios->pdata[i];
        if (g_str_equal(other->name, scenario->name)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "%s: the name '%s' is already used by %s, expected different names", file, scenario->name,
                        other->file);
            cp_scenario_free(scenario);
            return FALSE;
        }
    }
    g_ptr_array_add(scenarios, scenario);
    return TRUE;
}

/* Adds the file `folder`/NAME`suffix` for each NAME in the folder, in alphabetical order: only those that `wanted` lists
 * and none that `unwanted` lists, if these are not NULL. */
static gboolean
add_folder(GPtrArray *scenarios,
           const char *folder,
           const char *suffix,
           const char *const *wanted,
           const char *const *unwanted,
           GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_strdup_printf("%s/%s%s", folder, name, suffix);
        g_autofree char *stem = g_strndup(name, strlen(name) - (g_str_has_suffix(name, ".scn") ? strlen(".scn") : 0));
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR) && (!wanted || g_strv_contains(wanted, stem)) &&
            (!unwanted || !g_strv_contains(unwanted, stem)))
            g_ptr_array_add(files, g_steal_pointer(&file));
    }
    g_ptr_array_sort(files, cp_text_compare);
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
    return add_folder(scenarios, standard, "", g_str_equal(suite, "quick") ? quick : NULL, all ? NULL : reported,
                      error) &&
           (!all || add_folder(scenarios, bugs, "/repro.scn", NULL, NULL, error));
}

static gboolean
collect(const CpOptions *options, GPtrArray *scenarios, GError **error)
{
    if (!options->scenarios)
        return add_suite(scenarios, options->suite ? options->suite : "standard", error);
    if (options->suite) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--suite and --scenario cannot be used together");
        return FALSE;
    }
    for (char **file = options->scenarios; *file; file++) {
        if (!add_file(scenarios, *file, error))
            return FALSE;
    }
    return TRUE;
}

CpExit
cp_verb_bench(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    if (!collect(options, scenarios, error))
        return CP_EXIT_USAGE;

    gboolean written;
    g_autoptr(GPtrArray) history = cp_run_scenarios(options, scenarios, DEFAULT_ROUNDS, &written, error);
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpJudgement) judgement =
        history ? cp_judge(history, "history", options->strict, cp_result_add, result, error) : NULL;
    if (!judgement)
        return CP_EXIT_FAILED;
    cp_result_finish(result, judgement);

    /* Nothing is printed before all files are written: printing may end the process, if standard output is a closed pipe. */
    g_autoptr(GError) failure = NULL;
    if (cp_run_is_kept(history, options->output) && !cp_result_save(result, options->output, &failure)) {
        cp_verb_complain(failure);
        written = FALSE;
    }
    if (g_strcmp0(options->output, "-") != 0)
        cp_table_print(result, stdout);
    return written ? judgement->exit : CP_EXIT_FAILED;
}
