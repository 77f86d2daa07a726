/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a refresh spends its time. */
#include "measure/phases.h"

#include "base/duration.h"

void
cp_phases_free(CpPhases *phases)
{
    if (!phases)
        return;
    g_array_unref(phases->phases);
    g_free(phases);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const CpPhase *)a)->ns, y = ((const CpPhase *)b)->ns;
    return (x < y) - (x > y);
}

/* Adds the phases of one refresh. `places`: name to index in `phases`. */
static void
add_refresh(CpPhases *phases, GHashTable *places, JsonObject *profile)
{
    JsonObject *found = json_object_get_object_member(profile, "phases");
    g_autoptr(GList) names = json_object_get_members(found);
    for (GList *name = names; name; name = name->next) {
        gpointer place;
        if (!g_hash_table_lookup_extended(places, name->data, NULL, &place)) {
            CpPhase phase = { name->data, 0 };
            place = GUINT_TO_POINTER(phases->phases->len);
            g_hash_table_insert(places, name->data, place);
            g_array_append_val(phases->phases, phase);
        }
        CpPhase *phase = &g_array_index(phases->phases, CpPhase, GPOINTER_TO_UINT(place));
        phase->ns = cp_sum(phase->ns, json_object_get_int_member(found, name->data));
    }
    phases->n++;
    phases->total_ns = cp_sum(phases->total_ns, json_object_get_int_member(profile, "total_ns"));
}

CpPhases *
cp_phases_sum(const CpResult *result, const char *variant)
{
    g_autoptr(CpPhases) phases = g_new0(CpPhases, 1);
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    phases->phases = g_array_new(FALSE, FALSE, sizeof(CpPhase));

    for (guint i = 0; i < json_array_get_length(result->profile); i++) {
        JsonObject *profile = json_array_get_object_element(result->profile, i);
        if (!variant || g_str_equal(json_object_get_string_member(profile, "variant"), variant))
            add_refresh(phases, places, profile);
    }
    g_array_sort(phases->phases, compare);
    return phases->n > 0 && phases->total_ns > 0 ? g_steal_pointer(&phases) : NULL;
}
