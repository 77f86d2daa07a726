/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups similar crashes, and gives the groups names. */
#include "triage/group.h"

#include <string.h>

void
cp_crash_free(CpCrash *crash)
{
    g_free(crash->target);
    g_free(crash->program);
    g_free(crash->path);
    cp_signature_free(crash->signature);
    g_free(crash->report);
    g_free(crash);
}

static void
free_group(gpointer data)
{
    CpGroup *group = data;

    g_free(group->name);
    g_ptr_array_unref(group->crashes);
    if (group->input)
        g_string_free(group->input, TRUE);
    g_free(group);
}

static gboolean
belongs(const CpCrash *crash, const CpGroup *group)
{
    for (guint i = 0; i < group->crashes->len; i++) {
        const CpCrash *other = g_ptr_array_index(group->crashes, i);

        if (g_str_equal(crash->target, other->target) && cp_signature_similar(crash->signature, other->signature))
            return TRUE;
    }
    return FALSE;
}

/* Joins `crash` and all groups that it belongs to into one group. */
static void
add(GPtrArray *groups, CpCrash *crash)
{
    CpGroup *joined = g_new0(CpGroup, 1);

    joined->crashes = g_ptr_array_new();
    g_ptr_array_add(joined->crashes, crash);
    guint i = 0;
    while (i < groups->len) {
        CpGroup *group = g_ptr_array_index(groups, i);

        if (belongs(crash, group)) {
            g_ptr_array_extend(joined->crashes, group->crashes, NULL, NULL);
            g_ptr_array_remove_index(groups, i);
        } else {
            i++;
        }
    }
    g_ptr_array_add(groups, joined);
}

static int
compare_crashes(gconstpointer a, gconstpointer b)
{
    const CpCrash *one = *(CpCrash *const *)a;
    const CpCrash *other = *(CpCrash *const *)b;

    if (one->size != other->size)
        return one->size < other->size ? -1 : 1;
    return strcmp(one->path, other->path);
}

static int
compare_groups(gconstpointer a, gconstpointer b)
{
    const CpGroup *one = *(CpGroup *const *)a;
    const CpGroup *other = *(CpGroup *const *)b;

    return strcmp(one->name, other->name);
}

const CpCrash *
cp_group_first(const CpGroup *group)
{
    return g_ptr_array_index(group->crashes, 0);
}

static void
set_name(CpGroup *group)
{
    g_autofree char *signature = cp_signature_name(cp_group_first(group)->signature);

    group->name = g_strdup_printf("%s-%s", cp_group_first(group)->target, signature);
}

/* Appends a part of the digest to names that several groups have. */
static void
make_names_unique(GPtrArray *groups)
{
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < groups->len; i++) {
        CpGroup *group = g_ptr_array_index(groups, i);
        gpointer before = g_hash_table_lookup(counts, group->name);

        g_hash_table_insert(counts, g_strdup(group->name), GUINT_TO_POINTER(GPOINTER_TO_UINT(before) + 1));
    }
    for (guint i = 0; i < groups->len; i++) {
        CpGroup *group = g_ptr_array_index(groups, i);

        if (GPOINTER_TO_UINT(g_hash_table_lookup(counts, group->name)) > 1) {
            g_autofree char *short_name = group->name;
            g_autofree char *digest = cp_signature_digest(cp_group_first(group)->signature);

            group->name = g_strdup_printf("%s-%.8s", short_name, digest);
        }
    }
}

GPtrArray *
cp_group_crashes(GPtrArray *crashes)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);

    for (guint i = 0; i < crashes->len; i++)
        add(groups, g_ptr_array_index(crashes, i));
    for (guint i = 0; i < groups->len; i++) {
        CpGroup *group = g_ptr_array_index(groups, i);

        g_ptr_array_sort(group->crashes, compare_crashes);
        set_name(group);
    }
    make_names_unique(groups);
    g_ptr_array_sort(groups, compare_groups);
    return groups;
}
