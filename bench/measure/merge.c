/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Merging: the results of shards, and of several machines, become one. */
#include "measure/merge.h"

#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "measure/environment-text.h"
#include "measure/merge-checks.h"
#include "measure/outcome.h"

#define MACHINE_NAME_MAX 32

/* The results of one machine. */
typedef struct {
    char *name;
    guint first;       /* the number of its first result */
    guint results;     /* how many it has */
    gboolean has_read; /* one of them has a complete round */
} Machine;

typedef struct {
    const GPtrArray *results;
    const char *const *names;
    GPtrArray *machines; /* of Machine */
    guint *machine_of;   /* the number of the machine of each result */
    CpResult *merged;
} Merge;

static void
machine_free(gpointer data)
{
    Machine *machine = data;
    g_free(machine->name);
    g_free(machine);
}

static gboolean
has_name(const Merge *merge, const char *name)
{
    for (guint i = 0; i < merge->machines->len; i++) {
        const Machine *machine = merge->machines->pdata[i];
        if (g_str_equal(machine->name, name))
            return TRUE;
    }
    return FALSE;
}

/* Returns a name that no other machine has: of the processor what the name of a variant may have. The caller owns it. */
static char *
name_machine(const Merge *merge, const CpResult *result)
{
    g_autoptr(GString) name = g_string_new(NULL);
    for (const char *at = cp_environment_text(result->environment, "host.cpu"); *at; at++) {
        if (g_ascii_isalnum(*at) || *at == '.')
            g_string_append_c(name, *at);
        else if (name->len > 0 && name->str[name->len - 1] != '-')
            g_string_append_c(name, '-');
    }
    g_string_truncate(name, MIN(name->len, MACHINE_NAME_MAX));
    while (name->len > 0 && name->str[name->len - 1] == '-')
        g_string_truncate(name, name->len - 1);
    if (name->len == 0)
        g_string_append(name, "machine");
    g_autofree char *numbered = g_strdup(name->str);
    for (guint n = 2; has_name(merge, numbered); n++) {
        g_free(numbered);
        numbered = g_strdup_printf("%s-%u", name->str, n);
    }
    return g_steal_pointer(&numbered);
}

/* Finds the machine of each result. */
static void
find_machines(Merge *merge)
{
    for (guint i = 0; i < merge->results->len; i++) {
        const CpResult *result = merge->results->pdata[i];
        guint m = 0;
        while (m < merge->machines->len &&
               !cp_merge_same_machine(merge->results->pdata[((Machine *)merge->machines->pdata[m])->first], result))
            m++;
        if (m == merge->machines->len) {
            Machine *machine = g_new0(Machine, 1);
            machine->name = name_machine(merge, result);
            machine->first = i;
            g_ptr_array_add(merge->machines, machine);
        }
        Machine *machine = merge->machines->pdata[m];
        machine->results++;
        for (guint s = 0; s < result->scenarios->len; s++)
            machine->has_read |= ((const CpScenarioResult *)result->scenarios->pdata[s])->rounds > 0;
        merge->machine_of[i] = m;
    }
}

/* Returns the name of a machine; NULL if there is only one. */
static const char *
machine_name(const Merge *merge, guint machine)
{
    return merge->machines->len > 1 ? ((const Machine *)merge->machines->pdata[machine])->name : NULL;
}

/* Returns what a variant is called in the merged result; NULL if it is the only one. The caller owns it. */
static char *
name_variant(const char *machine, const char *variant)
{
    return machine && variant ? g_strdup_printf("%s+%s", variant, machine) : g_strdup(machine ? machine : variant);
}

/* Adds what was tested on a machine. */
static gboolean
add_variants(Merge *merge, guint m, GError **error)
{
    const Machine *machine = merge->machines->pdata[m];
    const CpResult *result = merge->results->pdata[machine->first];
    const char *of = machine_name(merge, m);
    for (guint v = 0; v < MAX(result->variants->len, of ? 1 : 0); v++) {
        const CpResultVariant *variant = result->variants->len > 0 ? result->variants->pdata[v] : NULL;
        g_autofree char *name = name_variant(of, variant ? variant->name : NULL);
        g_autoptr(JsonObject) environment = cp_merge_environment(variant ? variant->environment : result->environment);
        if (!cp_event_is_variant_name(name)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "%s: '%s' is too long for the name of a variant, expected shorter names in the run",
                        merge->names[machine->first], name);
            return FALSE;
        }
        cp_result_add_variant(merge->merged, name, environment)->machine = g_strdup(of);
    }
    return TRUE;
}

static void
take_profile(Merge *merge, const CpResult *result, const char *machine)
{
    for (guint i = 0; i < json_array_get_length(result->profile); i++) {
        JsonObject *profile = json_array_get_object_element(result->profile, i);
        g_autofree char *name = name_variant(machine, json_object_has_member(profile, "variant")
                                                          ? json_object_get_string_member(profile, "variant")
                                                          : NULL);
        if (name)
            json_object_set_string_member(profile, "variant", name);
        json_array_add_object_element(merge->merged->profile, json_object_ref(profile));
    }
}

/* Takes the scenarios of a result. */
static void
take_scenarios(Merge *merge, const CpResult *result, const char *machine)
{
    while (result->scenarios->len > 0) {
        CpScenarioResult *scenario = g_ptr_array_steal_index(result->scenarios, 0);
        char *variant = name_variant(machine, scenario->variant);
        g_free(scenario->variant);
        scenario->variant = variant;
        g_ptr_array_add(merge->merged->scenarios, scenario);
    }
}

/* Returns a note as the merged result has it: what is about a scenario begins with its name, and its variant if there are
 * several. The caller owns it. */
static char *
rename_note(const char *note, const CpResult *result, const char *machine)
{
    for (guint i = 0; machine && i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autofree char *prefix = scenario->variant ? g_strdup_printf("%s (%s): ", scenario->name, scenario->variant)
                                                    : g_strdup_printf("%s: ", scenario->name);
        g_autofree char *variant = name_variant(machine, scenario->variant);
        if (g_str_has_prefix(note, prefix))
            return g_strdup_printf("%s (%s): %s", scenario->name, variant, note + strlen(prefix));
    }
    return machine ? g_strdup_printf("%s: %s", machine, note) : g_strdup(note);
}

static void
add_notes(GStrvBuilder *builder, GStrv notes, const CpResult *result, const char *machine)
{
    for (char **note = notes; *note; note++) {
        g_autofree char *renamed = rename_note(*note, result, machine);
        g_strv_builder_add(builder, renamed);
    }
}

/* Whether nothing was run because every scenario needs what this machine does not have. */
static gboolean
needs_all(const CpResult *result)
{
    for (guint i = 0; i < result->scenarios->len; i++) {
        if (!((const CpScenarioResult *)result->scenarios->pdata[i])->needs)
            return FALSE;
    }
    return TRUE;
}

/* Takes over how the run of a result ended, and why nothing can be said about it. */
static void
take_end(Merge *merge, guint i, gboolean bad)
{
    CpResult *merged = merge->merged;
    const CpResult *result = merge->results->pdata[i];
    const Machine *machine = merge->machines->pdata[merge->machine_of[i]];
    if (result->status && (!merged->status || result->status == CP_EXIT_INTERRUPTED)) {
        merged->status = result->status;
        g_free(merged->error);
        merged->error = g_strdup_printf("%s: %s", merge->names[i], result->error);
    }
    if (*result->reason && !*merged->reason && !bad && !(needs_all(result) && machine->has_read)) {
        g_free(merged->reason);
        merged->reason = g_strdup_printf("%s: %s", merge->names[i], result->reason);
    }
}

static guint
variant_place(const CpResult *result, const char *variant)
{
    guint place = 0;
    while (place < result->variants->len &&
           g_strcmp0(((const CpResultVariant *)result->variants->pdata[place])->name, variant) != 0)
        place++;
    return place;
}

/* By name, then in the order of the variants. */
static int
compare_scenarios(gconstpointer a, gconstpointer b, gpointer result)
{
    const CpScenarioResult *x = *(const CpScenarioResult *const *)a, *y = *(const CpScenarioResult *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : (int)variant_place(result, x->variant) - (int)variant_place(result, y->variant);
}

static gboolean
any_is_bad(const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        g_autofree char *ignored = NULL;
        if (cp_outcome_of_run(results->pdata[i], &ignored) == CP_OUTCOME_FAILED)
            return TRUE;
    }
    return FALSE;
}

static void
take_results(Merge *merge)
{
    g_autoptr(GStrvBuilder) notes = g_strv_builder_new(), differences = g_strv_builder_new();
    gboolean bad = any_is_bad(merge->results);
    CpResult *merged = merge->merged;
    for (guint i = 0; i < merge->results->len; i++) {
        const CpResult *result = merge->results->pdata[i];
        const char *machine = machine_name(merge, merge->machine_of[i]);
        merged->wall_ns = cp_sum(merged->wall_ns, result->wall_ns);
        merged->libvirt_ns = cp_sum(merged->libvirt_ns, result->libvirt_ns);
        add_notes(notes, result->notes, result, machine);
        add_notes(differences, result->differences, result, machine);
        take_end(merge, i, bad);
        take_profile(merge, result, machine);
        take_scenarios(merge, result, machine);
    }
    g_strfreev(merged->notes);
    g_strfreev(merged->differences);
    merged->notes = g_strv_builder_end(notes);
    merged->differences = g_strv_builder_end(differences);
    g_ptr_array_sort_with_data(merged->scenarios, compare_scenarios, merged);
}

static gboolean
join(Merge *merge, GError **error)
{
    const CpResult *first = merge->results->pdata[0];
    find_machines(merge);
    for (guint m = 0; m < merge->machines->len; m++) {
        if (!cp_merge_check_machine(merge->results, merge->names, merge->machine_of, m, error))
            return FALSE;
    }
    if (!cp_merge_check_run(merge->results, merge->names, error))
        return FALSE;
    merge->merged->seed = first->seed;
    merge->merged->environment = cp_merge_environment(first->environment);
    if (merge->machines->len > 1)
        cp_merge_keep_shared(merge->merged->environment);
    for (guint m = 0; m < merge->machines->len; m++) {
        if (!add_variants(merge, m, error))
            return FALSE;
    }
    take_results(merge);
    return TRUE;
}

CpResult *
cp_merge(const GPtrArray *results, const char *const *names, GError **error)
{
    g_autoptr(CpResult) merged = cp_result_new();
    g_autoptr(GPtrArray) machines = g_ptr_array_new_with_free_func(machine_free);
    g_autofree guint *machine_of = g_new0(guint, results->len);
    Merge merge = { results, names, machines, machine_of, merged };
    return join(&merge, error) ? g_steal_pointer(&merged) : NULL;
}
