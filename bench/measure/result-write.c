/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: written as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "measure/loads.h"
#include "measure/result-counts.h"
#include "measure/settles.h"

static JsonArray *
write_strings(GStrv strings)
{
    JsonArray *array = json_array_new();
    for (char **string = strings; *string; string++)
        json_array_add_string_element(array, *string);
    return array;
}

static void
set_label(JsonObject *object, const char *label)
{
    if (label)
        json_object_set_string_member(object, "label", label);
    else
        json_object_set_null_member(object, "label");
}

static void
write_counts(JsonObject *object, const CpScenarioResult *scenario)
{
    for (gsize i = 0; i < CP_COUNT_PLACES_N; i++) {
        const CpCountPlace *place = &cp_count_places[i];
        JsonObject *group = object;
        if (place->group && !json_object_has_member(object, place->group))
            json_object_set_object_member(object, place->group, json_object_new());
        if (place->group)
            group = json_object_get_object_member(object, place->group);
        json_object_set_int_member(group, place->name, G_STRUCT_MEMBER(gint64, scenario, place->offset));
    }
}

static JsonObject *
write_statistics(const CpResultLine *line)
{
    CpSummary summary = cp_result_line_summarize(line);
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "n", summary.n);
    if (summary.n == 0)
        return object;
    json_object_set_double_member(object, "min_ns", summary.min);
    json_object_set_double_member(object, "median_ns", summary.median);
    if (summary.interval) {
        json_object_set_double_member(object, "median_low_ns", summary.low);
        json_object_set_double_member(object, "median_high_ns", summary.high);
    } else {
        json_object_set_null_member(object, "median_low_ns");
        json_object_set_null_member(object, "median_high_ns");
    }
    json_object_set_double_member(object, "mad_ns", summary.mad);
    json_object_set_double_member(object, "p90_ns", summary.p90);
    json_object_set_double_member(object, "p99_ns", summary.p99);
    json_object_set_double_member(object, "max_ns", summary.max);
    return object;
}

static JsonObject *
write_sample(const CpSample *sample)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "round", sample->round);
    json_object_set_int_member(object, "line", sample->line);
    set_label(object, sample->label);
    json_object_set_string_member(object, "verdict", cp_verdict_name(sample->verdict));
    json_object_set_string_member(object, "refresh", cp_refresh_name(sample->refresh));
    json_object_set_int_member(object, "ns", sample->ns);
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++) {
        if (cp_costs_has(&sample->costs, cost))
            json_object_set_int_member(object, cp_cost_name(cost), sample->costs.figures[cost]);
    }
    return object;
}

static JsonArray *
write_lines(const CpScenarioResult *scenario)
{
    g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
    JsonArray *array = json_array_new();
    for (guint i = 0; i < lines->len; i++) {
        const CpResultLine *line = lines->pdata[i];
        JsonObject *object = json_object_new();
        json_object_set_int_member(object, "line", line->line);
        set_label(object, line->label);
        json_object_set_object_member(object, "statistics", write_statistics(line));
        json_array_add_object_element(array, object);
    }
    return array;
}

static JsonArray *
write_problems(const CpScenarioResult *scenario)
{
    JsonArray *problems = json_array_new();
    for (guint i = 0; i < scenario->problems->len; i++) {
        const CpProblem *problem = scenario->problems->pdata[i];
        JsonObject *object = json_object_new();
        json_object_set_int_member(object, "round", problem->round);
        json_object_set_int_member(object, "line", problem->line);
        json_object_set_string_member(object, "verdict", problem->verdict);
        json_object_set_array_member(object, "differences", write_strings(problem->differences));
        json_array_add_object_element(problems, object);
    }
    return problems;
}

/* --- printed: a tree of all samples would be far larger than they are --- */

/* Prints the members of `object`, which it frees, one or more lines each. The lines begin with `indent`. */
static void
print_members(JsonObject *object, const char *indent, FILE *out)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    g_autofree char *text = json_to_string(node, TRUE);
    text[strlen(text) - strlen("\n}")] = '\0';
    const char *line = text + strlen("{\n");
    for (const char *end; (end = strchr(line, '\n')); line = end + 1)
        fprintf(out, "%s%.*s\n", indent, (int)(end - line), line);
    fprintf(out, "%s%s", indent, line);
}

static void
print_samples(const CpScenarioResult *scenario, FILE *out)
{
    fputs(",\n      \"samples\" : [", out);
    for (guint i = 0; i < scenario->samples->len; i++) {
        fputs(i == 0 ? "\n        {\n" : ",\n        {\n", out);
        print_members(write_sample(&g_array_index(scenario->samples, CpSample, i)), "        ", out);
        fputs("\n        }", out);
    }
    fputs(scenario->samples->len > 0 ? "\n      ],\n" : "],\n", out);
}

static void
print_scenario(const CpScenarioResult *scenario, FILE *out)
{
    JsonObject *object = json_object_new(), *rest = json_object_new();
    json_object_set_string_member(object, "name", scenario->name);
    if (scenario->variant)
        json_object_set_string_member(object, "variant", scenario->variant);
    json_object_set_string_member(object, "file", scenario->file);
    if (scenario->digest)
        json_object_set_string_member(object, "digest", scenario->digest);
    json_object_set_string_member(object, "skipped", scenario->skipped);
    write_counts(object, scenario);
    json_object_set_array_member(rest, "lines", write_lines(scenario));
    json_object_set_array_member(rest, "settle", cp_settles_write(scenario));
    if (scenario->loads->len > 0)
        json_object_set_array_member(rest, "clients", cp_loads_write(scenario));
    json_object_set_array_member(rest, "problems", write_problems(scenario));
    fputs("    {\n", out);
    print_members(object, "    ", out);
    print_samples(scenario, out);
    print_members(rest, "    ", out);
    fputs("\n    }", out);
}

static JsonArray *
write_variants(const CpResult *result)
{
    JsonArray *variants = json_array_new();
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "name", variant->name);
        if (variant->machine)
            json_object_set_string_member(object, "machine", variant->machine);
        json_object_set_object_member(object, "environment", json_object_ref(variant->environment));
        json_array_add_object_element(variants, object);
    }
    return variants;
}

static void
print_result(const CpResult *result, FILE *out)
{
    JsonObject *object = json_object_new(), *rest = json_object_new(), *harness = json_object_new();

    json_object_set_int_member(harness, "wall_ns", result->wall_ns);
    json_object_set_int_member(harness, "libvirt_ns", result->libvirt_ns);
    if (result->libvirt_ns > 0)
        json_object_set_double_member(harness, "overhead_ratio", (double)result->wall_ns / result->libvirt_ns);
    else
        json_object_set_null_member(harness, "overhead_ratio");

    json_object_set_string_member(object, "schema", CP_RESULT_SCHEMA);
    json_object_set_object_member(object, "environment", json_object_ref(result->environment));
    if (result->variants->len > 0)
        json_object_set_array_member(object, "variants", write_variants(result));
    json_object_set_int_member(object, "seed", result->seed);
    json_object_set_int_member(object, "status", result->status);
    json_object_set_string_member(object, "error", result->error);
    json_object_set_string_member(object, "reason", result->reason);
    json_object_set_array_member(object, "differences", write_strings(result->differences));
    json_object_set_object_member(rest, "harness", harness);
    json_object_set_array_member(rest, "profile", json_array_ref(result->profile));
    if (*result->notes)
        json_object_set_array_member(rest, "notes", write_strings(result->notes));

    fputs("{\n", out);
    print_members(object, "", out);
    fputs(",\n  \"scenarios\" : [", out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        fputs(i == 0 ? "\n" : ",\n", out);
        print_scenario(result->scenarios->pdata[i], out);
    }
    fputs(result->scenarios->len > 0 ? "\n  ],\n" : "],\n", out);
    print_members(rest, "", out);
    fputs("\n}", out);
}

char *
cp_result_write(const CpResult *result)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    print_result(result, out);
    fclose(out);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

gboolean
cp_result_save(const CpResult *result, const char *file, GError **error)
{
    g_autoptr(CpOutput) output = cp_output_begin(file, error);
    if (!output)
        return FALSE;
    print_result(result, cp_output_stream(output));
    fputc('\n', cp_output_stream(output));
    return cp_output_commit(g_steal_pointer(&output), error);
}
