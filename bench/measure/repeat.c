/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command that repeats a run. */
#include "measure/repeat.h"

#include <string.h>

#include "measure/environment-text.h"

/* Adds ` --OPTION VALUE`, unless the value is "". */
static void
add_option(GString *command, const char *option, const char *value)
{
    if (!*value)
        return;
    g_autofree char *quoted = g_shell_quote(value);
    g_string_append_printf(command, " --%s %s", option,
                           strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_./-") == strlen(value) ? value
                                                                                                          : quoted);
}

/* Adds the options that say what a variant is. Several variants need each of them, also if it is the default. */
static void
add_variant(GString *command, JsonObject *environment, gboolean several)
{
    const char *tree = cp_environment_text(environment, "tree");
    g_autofree char *folder = g_path_get_dirname(cp_environment_text(environment, "libvirt.library"));
    gboolean installed = g_str_has_prefix(folder, "/usr/lib") || g_str_has_prefix(folder, "/lib") || *folder != '/';

    add_option(command, "tree", *tree ? tree : several ? "/" : "");
    add_option(command, "libvirt", !installed ? folder : several ? "installed" : "");
    add_option(command, "emulator", cp_environment_text(environment, "emulator.path"));
}

/* Adds the variants: if there are several machines, those of the first, under the names that they get by themselves. */
static void
add_variants(GString *command, const CpResult *result)
{
    const char *machine = ((const CpResultVariant *)result->variants->pdata[0])->machine;
    guint n = 0;
    for (guint i = 0; i < result->variants->len; i++)
        n += g_strcmp0(((const CpResultVariant *)result->variants->pdata[i])->machine, machine) == 0;
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        if (g_strcmp0(variant->machine, machine) != 0)
            continue;
        add_variant(command, variant->environment, n > 1);
        if (!machine)
            add_option(command, "variant", variant->name);
    }
}

static void
add_scenarios(GString *command, const CpResult *result)
{
    g_autoptr(GHashTable) added = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (g_hash_table_add(added, scenario->file))
            add_option(command, "scenario", scenario->file);
    }
}

char *
cp_repeat_command(const CpResult *result)
{
    GString *command = g_string_new("capprobe bench");
    gint64 rounds = 1;
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        rounds = MAX(rounds, scenario->rounds + scenario->untestable);
    }
    g_string_append_printf(command, " --rounds %" G_GINT64_FORMAT " --seed %" G_GINT64_FORMAT, rounds, result->seed);
    add_option(command, "kvm", cp_environment_text(result->environment, "kvm"));
    add_option(command, "arch", cp_environment_text(result->environment, "arch"));
    add_option(command, "machine", cp_environment_text(result->environment, "machine"));
    add_option(command, "virttype", cp_environment_text(result->environment, "virttype"));
    if (json_array_get_length(result->profile) > 0)
        g_string_append(command, " --profile");
    if (result->variants->len == 0)
        add_variant(command, result->environment, FALSE);
    else
        add_variants(command, result);
    add_scenarios(command, result);
    return g_string_free(command, FALSE);
}
