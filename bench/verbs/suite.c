/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which scenarios are to be run: those of a suite, or of the files that were named. */
#include "verbs/suite.h"

#include <string.h>

#include "base/text.h"
#include "run/own-files.h"
#include "scenario/scenario.h"

/* The quick suite: one scenario of each kind. */
static const char *const quick[] = { "cold-probe", "remove-add", "warm-read" };

/* Situations that people have reported, which take long, or need root or daemons. Only the suite `all` has them. */
static const char *const reported[] = {
    "clients",
    "clients-beside",
    "daemons-alternate",
    "emulator-setcap",
    "epoch-stamps",
    "exec-denied",
    "guest-outlives-module",
    "idle-exit",
    "image-oci",
    "image-rsync",
    "image-tar",
    "kernel-without-kvm",
    "kvm-acl",
    "package-apt",
    "package-dpkg",
    "package-rpm",
    "probe-without-dac-override",
    "unrelated-plugin",
    NULL,
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

static gboolean
add_quick(GPtrArray *scenarios, const char *folder, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(quick); i++) {
        g_autofree char *file = g_strdup_printf("%s/%s.scn", folder, quick[i]);
        if (!add_file(scenarios, file, error))
            return FALSE;
    }
    return TRUE;
}

/* Adds the file `folder`/NAME`suffix` for each NAME in the folder, in alphabetical order, and none that `unwanted` lists, if that
 * is not NULL. */
static gboolean
add_folder(GPtrArray *scenarios, const char *folder, const char *suffix, const char *const *unwanted, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_strdup_printf("%s/%s%s", folder, name, suffix);
        g_autofree char *stem = g_strndup(name, strlen(name) - (g_str_has_suffix(name, ".scn") ? strlen(".scn") : 0));
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR) && (!unwanted || !g_strv_contains(unwanted, stem)))
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
    if (g_str_equal(suite, "quick"))
        return add_quick(scenarios, standard, error);
    return add_folder(scenarios, standard, "", all ? NULL : reported, error) &&
           (!all || add_folder(scenarios, bugs, "/repro.scn", NULL, error));
}

static gboolean
collect_all(const CpOptions *options, GPtrArray *scenarios, GError **error)
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

gboolean
cp_suite_collect(const CpOptions *options, GPtrArray *scenarios, GError **error)
{
    CpShard shard;
    if (!cp_option_shard(options->shard, &shard, error) || !collect_all(options, scenarios, error))
        return FALSE;
    if (shard.number > scenarios->len) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--shard %s: the scenarios are only %u, expected not more shards",
                    options->shard, scenarios->len);
        return FALSE;
    }
    for (guint i = scenarios->len; i-- > 0;) {
        if (!cp_shard_has(shard, i))
            g_ptr_array_remove_index(scenarios, i);
    }
    return TRUE;
}
