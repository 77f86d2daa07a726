/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is true of each variant of a history. */
#include "judge/variant-truths.h"

struct _CpVariantTruths {
    GHashTable *truths; /* the name of each variant, "" for the only one, to its CpTruths */
    GPtrArray *names;   /* in the order of the history; owned by the table */
};

CpVariantTruths *
cp_variant_truths_new(void)
{
    CpVariantTruths *all = g_new0(CpVariantTruths, 1);
    all->truths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cp_truths_free);
    all->names = g_ptr_array_new();
    return all;
}

void
cp_variant_truths_free(CpVariantTruths *all)
{
    if (!all)
        return;
    g_ptr_array_unref(all->names);
    g_hash_table_unref(all->truths);
    g_free(all);
}

CpTruths *
cp_variant_truths_of(CpVariantTruths *all, const char *variant)
{
    CpTruths *truths = g_hash_table_lookup(all->truths, variant ? variant : "");
    if (!truths) {
        char *name = g_strdup(variant ? variant : "");
        truths = cp_truths_new();
        g_hash_table_insert(all->truths, name, truths);
        g_ptr_array_add(all->names, name);
    }
    return truths;
}

GPtrArray *
cp_variant_truths_differences(const CpVariantTruths *all)
{
    GPtrArray *differences = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < all->names->len; i++) {
        const char *name = all->names->pdata[i];
        const GPtrArray *lines = cp_truths_differences(g_hash_table_lookup(all->truths, name));
        for (guint line = 0; line < lines->len; line++)
            g_ptr_array_add(differences, g_strconcat(name, *name ? ": " : "", lines->pdata[line], NULL));
    }
    return differences;
}
