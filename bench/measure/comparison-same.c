/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons: whether two runs can be compared. */
#include "base/error.h"
#include "measure/comparison-parts.h"

/* What must be the same: where it is in the environment. */
typedef struct {
    CpSame same;
    const char *name, *object, *member, *text;
} Place;

static const Place places[] = {
    { CP_SAME_CPU, "cpu", "host", "cpu", "CPU" },
    { CP_SAME_CPU, "cpu", "host", "cpus", "number of CPUs" },
    { CP_SAME_KVM, "kvm", NULL, "kvm", "KVM" },
    { CP_SAME_EMULATOR, "emulator", "emulator", "version", "emulator" },
    { CP_SAME_EMULATOR, "emulator", "emulator", "build_id", "build of the emulator" },
    { CP_SAME_QUESTION, "question", NULL, "arch", "architecture" },
    { CP_SAME_QUESTION, "question", NULL, "machine", "machine type" },
    { CP_SAME_QUESTION, "question", NULL, "virttype", "virtualization type" },
    { CP_SAME_USER, "user", NULL, "privileged", "user is root" },
};

CpSame
cp_same_parse(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_str_equal(name, places[i].name))
            return places[i].same;
    }
    return g_str_equal(name, "scenario") ? CP_SAME_SCENARIO : 0;
}

char *
cp_compared_text(CpCompared side, const char *object, const char *member)
{
    JsonObject *variant = cp_compared_environment(side);
    JsonObject *from = json_object_has_member(variant, object ? object : member) ? variant : side.result->environment;
    if (object) {
        JsonNode *node = json_object_get_member(from, object);
        if (!node || !JSON_NODE_HOLDS_OBJECT(node))
            return g_strdup("");
        from = json_node_get_object(node);
    }
    JsonNode *node = json_object_get_member(from, member);
    if (node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
        return json_node_dup_string(node);
    return node ? json_to_string(node, FALSE) : g_strdup("");
}

/* Notes a difference, or refuses it. */
static gboolean
take_difference(CpComparison *comparison, const char *what, const char *name, gboolean allowed, GError **error)
{
    if (allowed)
        g_ptr_array_add(comparison->notes, g_strdup(what));
    else
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "cannot be compared: %s (--allow %s compares nevertheless)", what,
                    name);
    return allowed;
}

static gboolean
check_scenarios(CpComparison *comparison, gboolean allowed, GError **error)
{
    for (guint i = 0; i < comparison->a.result->scenarios->len; i++) {
        const char *name = ((const CpScenarioResult *)comparison->a.result->scenarios->pdata[i])->name;
        const CpScenarioResult *a = cp_compared_scenario(comparison->a, name),
                               *b = cp_compared_scenario(comparison->b, name);
        if (!a || !b || !a->digest || !b->digest || g_str_equal(a->digest, b->digest))
            continue;
        g_autofree char *what = g_strdup_printf("the text of the scenario %s differs", name);
        if (!take_difference(comparison, what, "scenario", allowed, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_comparison_check_same(CpComparison *comparison, guint allowed, GError **error)
{
    if (comparison->paired)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const Place *place = &places[i];
        g_autofree char *a = cp_compared_text(comparison->a, place->object, place->member),
                        *b = cp_compared_text(comparison->b, place->object, place->member);
        if (g_str_equal(a, b))
            continue;
        g_autofree char *what = g_strdup_printf("the %s differs: '%s' and '%s'", place->text, a, b);
        if (!take_difference(comparison, what, place->name, allowed & place->same, error))
            return FALSE;
    }
    return check_scenarios(comparison, allowed & CP_SAME_SCENARIO, error);
}
