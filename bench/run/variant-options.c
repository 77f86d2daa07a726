/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variants: what is tested side by side in one run. Their options and names. */
#include "run/variant-options.h"

#include <string.h>

#include "base/error.h"
#include "history/event.h"
#include "run/libvirt/target.h"

#define EMULATOR_PREFIX "qemu-system-"
#define NAME_OF_HOST "host"
#define PART_MAX 30

typedef struct {
    const char *name;
    char **values;
} Option;

static guint
count(const Option *option)
{
    return option->values ? g_strv_length(option->values) : 0;
}

/* The value of an option for the variant `i`; NULL if the option was not given. */
static const char *
value_of(const Option *option, guint i)
{
    guint n = count(option);
    return n == 0 ? NULL : option->values[n == 1 ? 0 : i];
}

static gboolean
check_counts(const Option *options, gsize n_options, const Option *most, GError **error)
{
    for (const Option *option = options; option < options + n_options; option++) {
        guint n = count(option);
        if (n <= 1 || n == count(most))
            continue;
        g_set_error(
            error, CP_ERROR, CP_ERROR_USAGE,
            "--%s was given %u times and --%s %u times; expected one of them once, for all variants, or both as "
            "often, for one variant each",
            option->name, n, most->name, count(most));
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_names(char **names, guint n, GError **error)
{
    if (names && (n == 1 || g_strv_length(names) != n)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--variant was given %u times, expected a name for each variant; there are %u, one per --tree, "
                    "--libvirt, --emulator or --target",
                    g_strv_length(names), n);
        return FALSE;
    }
    for (char **name = names; name && *name; name++) {
        if (!cp_event_is_variant_name(*name)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "--variant %s: expected 1 to 64 letters, digits and any of ._+-", *name);
            return FALSE;
        }
        for (char **other = names; other < name; other++) {
            if (g_str_equal(*other, *name)) {
                g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--variant %s was given twice, expected different names",
                            *name);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean
is_host(const char *tree)
{
    return !tree || g_str_equal(tree, "/");
}

gboolean
cp_variant_check(const CpVariantSpec *variant, GError **error)
{
    if (!cp_target_find(variant->target, error))
        return FALSE;
    if (!variant->libvirt || !is_host(variant->tree) || g_file_test(variant->libvirt, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "--libvirt %s: expected a folder that exists, or '" CP_VARIANT_INSTALLED "'", variant->libvirt);
    return FALSE;
}

GArray *
cp_variants_combine(char **trees, char **libvirts, char **emulators, char **targets, char **names, GError **error)
{
    const Option options[] = {
        { "tree", trees }, { "libvirt", libvirts }, { "emulator", emulators }, { "target", targets }
    };
    const Option *most = options;
    for (gsize i = 1; i < G_N_ELEMENTS(options); i++)
        most = count(&options[i]) > count(most) ? &options[i] : most;
    guint n = MAX(count(most), 1);
    if (!check_counts(options, G_N_ELEMENTS(options), most, error) || !check_names(names, n, error))
        return NULL;

    g_autoptr(GArray) variants = g_array_new(FALSE, FALSE, sizeof(CpVariantSpec));
    for (guint i = 0; i < n; i++) {
        CpVariantSpec variant = { .name = names ? names[i] : NULL,
                                  .tree = value_of(&options[0], i),
                                  .libvirt = value_of(&options[1], i),
                                  .emulator = value_of(&options[2], i),
                                  .target = value_of(&options[3], i) };
        if (!cp_target_find(variant.target, error))
            return NULL;
        if (g_strcmp0(variant.libvirt, CP_VARIANT_INSTALLED) == 0)
            variant.libvirt = NULL;
        /* A mistake in one path would be found only after the run of the others. */
        if (n > 1 && !cp_variant_check(&variant, error))
            return NULL;
        g_array_append_val(variants, variant);
    }
    return g_steal_pointer(&variants);
}

/* --- names --- */

/* What variants can be told from each other by. */
typedef enum { VERSION = 1, TREE = 2, FOLDER = 4, EMULATOR = 8, TARGET = 16 } Trait;

/* Adds a part of a name. */
static void
add_part(GString *name, const char *part)
{
    g_string_append_printf(name, "%s%s", name->len > 0 ? "+" : "", part);
}

/* Adds the last part of a path, shortened and with other characters than names have replaced; or `otherwise` if there is none. */
static void
add_path(GString *name, const char *path, const char *otherwise)
{
    g_autofree char *last = g_path_get_basename(path ? path : otherwise);
    const char *from = g_str_has_prefix(last, EMULATOR_PREFIX) ? last + strlen(EMULATOR_PREFIX) : last;
    g_autofree char *part = g_strndup(from, PART_MAX);
    for (char *at = part; *at; at++) {
        char character[] = { *at, '\0' };
        if (!cp_event_is_variant_name(character))
            *at = '-';
    }
    add_part(name, part);
}

/* Returns the name after these traits. The caller owns it. */
static char *
name_after(const CpVariantSpec *variant, const char *version, guint traits)
{
    GString *name = g_string_new(NULL);
    if (traits & TREE)
        add_path(name, is_host(variant->tree) ? NULL : variant->tree, NAME_OF_HOST);
    if ((traits & VERSION) && version)
        add_part(name, version);
    else if (traits & (VERSION | FOLDER))
        add_path(name, variant->libvirt, CP_VARIANT_INSTALLED);
    if (traits & EMULATOR)
        add_path(name, variant->emulator, CP_VARIANT_INSTALLED);
    if (traits & TARGET)
        add_part(name, variant->target ? variant->target : cp_target_embed.name);
    return g_string_free(name, FALSE);
}

static gboolean
all_differ(const GPtrArray *names)
{
    g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < names->len; i++) {
        if (!g_hash_table_add(set, names->pdata[i]))
            return FALSE;
    }
    return TRUE;
}

GStrv
cp_variants_name(const CpVariantSpec *variants, const char *const *versions, guint n)
{
    static const guint choices[] = {
        VERSION,
        TREE,
        FOLDER,
        EMULATOR,
        TARGET,
        VERSION | TREE,
        VERSION | EMULATOR,
        VERSION | TARGET,
        TREE | FOLDER,
        TREE | EMULATOR,
        TREE | TARGET,
        FOLDER | EMULATOR,
        FOLDER | TARGET,
        EMULATOR | TARGET,
        0,
    };
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (gsize choice = 0; choice < G_N_ELEMENTS(choices); choice++) {
        g_ptr_array_set_size(names, 0);
        for (guint i = 0; i < n; i++)
            g_ptr_array_add(names, variants[i].name  ? g_strdup(variants[i].name)
                                   : choices[choice] ? name_after(&variants[i], versions[i], choices[choice])
                                                     : g_strdup_printf("%u", i + 1));
        if (all_differ(names))
            break;
    }
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}
