/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: read from JSON. */
#include <string.h>

#include "base/input.h"
#include "measure/loads.h"
#include "measure/result-counts.h"
#include "measure/result-samples.h"
#include "measure/settles.h"

static gboolean
read_counts(const CpJson *json, JsonObject *object, CpScenarioResult *scenario, GError **error)
{
    for (gsize i = 0; i < CP_COUNT_PLACES_N; i++) {
        const CpCountPlace *place = &cp_count_places[i];
        JsonObject *group = object;
        if ((place->group && !cp_json_object(json, object, place->group, &group, error)) ||
            !cp_json_integer(json, group, place->name, &G_STRUCT_MEMBER(gint64, scenario, place->offset), error))
            return FALSE;
    }
    return TRUE;
}

/* Gets an array of strings in place of `*strings`. */
static gboolean
read_strings(const CpJson *json, JsonObject *object, const char *name, GStrv *strings, GError **error)
{
    g_clear_pointer(strings, g_strfreev);
    return cp_json_strings(json, object, name, strings, error);
}

/* Gets the label, a string or null. */
static gboolean
read_label(const CpJson *json, JsonObject *object, const char **label, GError **error)
{
    JsonNode *node = json_object_get_member(object, "label");
    *label = NULL;
    return (node && JSON_NODE_HOLDS_NULL(node)) || cp_json_string(json, object, "label", label, error);
}

/* Gets the costs that a sample has. */
static gboolean
read_costs(const CpJson *json, JsonObject *object, CpCosts *costs, GError **error)
{
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++) {
        gint64 figure;
        if (!json_object_has_member(object, cp_cost_name(cost)))
            continue;
        if (!cp_json_integer(json, object, cp_cost_name(cost), &figure, error))
            return FALSE;
        cp_costs_set(costs, cost, figure);
    }
    return TRUE;
}

static gboolean
read_sample(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error)
{
    const char *verdict, *refresh;
    CpSample sample = { 0 };
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "samples", error, "a sample is not an object");

    JsonObject *object = json_node_get_object(node);
    if (!cp_json_integer(json, object, "round", &sample.round, error) ||
        !cp_json_integer(json, object, "line", &sample.line, error) ||
        !read_label(json, object, &sample.label, error) || !cp_json_string(json, object, "verdict", &verdict, error) ||
        !cp_json_string(json, object, "refresh", &refresh, error) ||
        !cp_json_integer(json, object, "ns", &sample.ns, error) || !read_costs(json, object, &sample.costs, error))
        return FALSE;
    if (!cp_verdict_parse(verdict, &sample.verdict))
        return cp_json_refuse(json, "samples", error, "unknown verdict '%s' of a sample", verdict);
    if (!cp_refresh_parse(refresh, &sample.refresh))
        return cp_json_refuse(json, "samples", error, "unknown refresh '%s' of a sample", refresh);
    cp_scenario_result_add_sample(scenario, sample);
    return TRUE;
}

static gboolean
read_problem(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error)
{
    const char *verdict;
    g_auto(GStrv) differences = NULL;
    CpProblem problem;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "problems", error, "a problem is not an object");

    JsonObject *object = json_node_get_object(node);
    if (!cp_json_integer(json, object, "round", &problem.round, error) ||
        !cp_json_integer(json, object, "line", &problem.line, error) ||
        !cp_json_string(json, object, "verdict", &verdict, error) ||
        !read_strings(json, object, "differences", &differences, error))
        return FALSE;
    problem.verdict = (char *)verdict;
    problem.differences = differences;
    cp_scenario_result_add_problem(scenario, problem);
    return TRUE;
}

/* Reads each element of an array. */
static gboolean
read_each(const CpJson *json,
          JsonObject *object,
          const char *member,
          gboolean (*read)(const CpJson *, JsonNode *, CpScenarioResult *, GError **),
          CpScenarioResult *scenario,
          GError **error)
{
    JsonArray *array;
    if (!cp_json_array(json, object, member, &array, error))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(array); i++) {
        if (!read(json, json_array_get_element(array, i), scenario, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_variant(const CpResult *result, const char *name)
{
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        if (g_str_equal(variant->name, name))
            return TRUE;
    }
    return FALSE;
}

static gboolean
read_variant(const CpJson *json, JsonNode *node, CpResult *result, GError **error)
{
    const char *name, *machine = NULL;
    JsonObject *environment;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "variants", error, "a variant is not an object");
    JsonObject *object = json_node_get_object(node);
    if (!cp_json_string(json, object, "name", &name, error) ||
        (json_object_has_member(object, "machine") && !cp_json_string(json, object, "machine", &machine, error)) ||
        !cp_json_object(json, object, "environment", &environment, error))
        return FALSE;
    if (!cp_event_is_variant_name(name))
        return cp_json_refuse(json, "variants", error,
                              "'%s' is not the name of a variant, expected letters, digits and any of ._+-", name);
    if (has_variant(result, name))
        return cp_json_refuse(json, "variants", error, "a second variant '%s'", name);
    cp_result_add_variant(result, name, environment)->machine = g_strdup(machine);
    return TRUE;
}

/* Gets the variant that `object` belongs to; NULL if there is only one. */
static gboolean
read_variant_of(const CpJson *json, JsonObject *object, const CpResult *result, const char **variant, GError **error)
{
    *variant = NULL;
    if (result->variants->len == 0 && !json_object_has_member(object, "variant"))
        return TRUE;
    if (!cp_json_string(json, object, "variant", variant, error))
        return FALSE;
    return has_variant(result, *variant) || cp_json_refuse(json, "variant", error, "unknown variant '%s'", *variant);
}

/* Adds the samples of a scenario: those that were taken from the text before it was parsed, if `taken` is not NULL. */
static gboolean
read_samples(const CpJson *json, JsonObject *object, CpScenarioResult *scenario, const CpSamples *taken, GError **error)
{
    for (guint i = 0; taken && i < taken->samples->len; i++)
        cp_scenario_result_add_sample(scenario, g_array_index(taken->samples, CpSample, i));
    return read_each(json, object, "samples", read_sample, scenario, error);
}

static gboolean
read_scenario(const CpJson *json, JsonNode *node, CpResult *result, const CpSamples *taken, GError **error)
{
    const char *name, *variant, *file, *skipped, *digest = NULL;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "scenarios", error, "a scenario is not an object");

    JsonObject *object = json_node_get_object(node);
    if (!cp_json_string(json, object, "name", &name, error) || !cp_json_string(json, object, "file", &file, error) ||
        !cp_json_string(json, object, "skipped", &skipped, error) ||
        (json_object_has_member(object, "digest") && !cp_json_string(json, object, "digest", &digest, error)) ||
        !read_variant_of(json, object, result, &variant, error))
        return FALSE;

    CpScenarioResult *scenario = cp_result_add_scenario(result, name, variant, file);
    g_free(scenario->skipped);
    scenario->skipped = g_strdup(skipped);
    scenario->digest = g_strdup(digest);
    return read_counts(json, object, scenario, error) && read_samples(json, object, scenario, taken, error) &&
           read_each(json, object, "settle", cp_settles_read, scenario, error) &&
           (!json_object_has_member(object, "clients") ||
            read_each(json, object, "clients", cp_loads_read, scenario, error)) &&
           read_each(json, object, "problems", read_problem, scenario, error);
}

static gboolean
check_profile(const CpJson *json, JsonNode *node, const CpResult *result, GError **error)
{
    const char *variant;
    gint64 total_ns;
    JsonObject *phases;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "profile", error, "a profile is not an object");
    if (!read_variant_of(json, json_node_get_object(node), result, &variant, error) ||
        !cp_json_integer(json, json_node_get_object(node), "total_ns", &total_ns, error) ||
        !cp_json_object(json, json_node_get_object(node), "phases", &phases, error))
        return FALSE;

    return cp_json_check_integers(json, phases, error);
}

static gboolean
read_variants(const CpJson *json, JsonObject *object, CpResult *result, GError **error)
{
    JsonArray *variants;
    if (!json_object_has_member(object, "variants"))
        return TRUE;
    if (!cp_json_array(json, object, "variants", &variants, error))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(variants); i++) {
        if (!read_variant(json, json_array_get_element(variants, i), result, error))
            return FALSE;
    }
    return TRUE;
}

/* Reads a result from `text`, out of which `taken`, of CpSamples, was taken; NULL if nothing was. */
static CpResult *
parse(const char *file, const char *text, gsize length, const GPtrArray *taken, GError **error)
{
    g_autoptr(CpJson) json = cp_json_parse(file, 1, text, length, error);
    g_autoptr(CpResult) result = cp_result_new();
    const char *schema, *message, *reason;
    JsonArray *scenarios, *profile;
    JsonObject *harness;
    if (!json)
        return NULL;

    JsonObject *object = json_node_get_object(json->root);
    if (!cp_json_string(json, object, "schema", &schema, error))
        return NULL;
    if (!g_str_equal(schema, CP_RESULT_SCHEMA)) {
        cp_json_refuse(json, "schema", error, "this is a result of the schema '%s', expected '%s'; measure anew",
                       schema, CP_RESULT_SCHEMA);
        return NULL;
    }
    if (!cp_json_object(json, object, "environment", &result->environment, error))
        return NULL;
    json_object_ref(result->environment);
    if (!read_variants(json, object, result, error) || !cp_json_integer(json, object, "seed", &result->seed, error) ||
        !cp_json_integer(json, object, "status", &result->status, error) ||
        !cp_json_string(json, object, "error", &message, error) ||
        !cp_json_string(json, object, "reason", &reason, error) ||
        !read_strings(json, object, "differences", &result->differences, error) ||
        (json_object_has_member(object, "notes") && !read_strings(json, object, "notes", &result->notes, error)) ||
        !cp_json_array(json, object, "scenarios", &scenarios, error) ||
        !cp_json_array(json, object, "profile", &profile, error) ||
        !cp_json_object(json, object, "harness", &harness, error) ||
        !cp_json_integer(json, harness, "wall_ns", &result->wall_ns, error) ||
        !cp_json_integer(json, harness, "libvirt_ns", &result->libvirt_ns, error))
        return NULL;

    if (!cp_event_check_status(json, result->status, message, error))
        return NULL;
    g_free(result->error);
    g_free(result->reason);
    result->error = g_strdup(message);
    result->reason = g_strdup(reason);
    /* Something that is not a scenario may have an array of this name, too. */
    if (taken && taken->len != json_array_get_length(scenarios))
        return NULL;
    for (guint i = 0; i < json_array_get_length(scenarios); i++) {
        if (!read_scenario(json, json_array_get_element(scenarios, i), result, taken ? taken->pdata[i] : NULL, error))
            return NULL;
    }
    for (guint i = 0; i < json_array_get_length(profile); i++) {
        if (!check_profile(json, json_array_get_element(profile, i), result, error))
            return NULL;
        json_array_add_element(result->profile, json_node_copy(json_array_get_element(profile, i)));
    }
    return g_steal_pointer(&result);
}

CpResult *
cp_result_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autofree char *rest = g_strndup(text, length);
    g_autoptr(GPtrArray) taken = cp_samples_take(rest, length);
    CpResult *result = taken ? parse(file, rest, strlen(rest), taken, NULL) : NULL;
    /* What is wrong, and where, is said of the whole text. */
    return result ? result : parse(file, text, length, NULL, error);
}

CpResult *
cp_result_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return cp_input_read_limited(file, CP_INPUT_RECORD_MAX, &text, &length, error)
               ? cp_result_parse(file, text, length, error)
               : NULL;
}

GPtrArray *
cp_results_load(char **files, GError **error)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)cp_result_free);
    for (; *files; files++) {
        CpResult *result = cp_result_load(*files, error);
        if (!result)
            return NULL;
        g_ptr_array_add(results, result);
    }
    return g_steal_pointer(&results);
}
