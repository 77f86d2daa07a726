/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison as JSON. */
#include <math.h>

#include "show/comparison.h"
#include "show/json-text.h"

/* A figure, or null if there is none. */
static void
set_number(JsonObject *object, const char *name, gboolean there, double value)
{
    if (there && isfinite(value))
        json_object_set_double_member(object, name, value);
    else
        json_object_set_null_member(object, name);
}

static JsonObject *
side_to_json(const CpComparedSide *side)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "samples", side->samples);
    json_object_set_int_member(object, "rounds", side->rounds);
    json_object_set_double_member(object, "median_ns", side->median);
    json_object_set_int_member(object, "warm_up", side->warm_up);
    return object;
}

static JsonObject *
line_to_json(const CpComparedLine *line)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "scenario", line->scenario);
    json_object_set_int_member(object, "line", line->line);
    if (line->label)
        json_object_set_string_member(object, "label", line->label);
    else
        json_object_set_null_member(object, "label");
    json_object_set_object_member(object, "a", side_to_json(&line->a));
    json_object_set_object_member(object, "b", side_to_json(&line->b));
    json_object_set_int_member(object, "pairs", line->pairs);
    json_object_set_double_member(object, "shift_ns", line->shift);
    set_number(object, "low_ns", line->interval, line->shift_low);
    set_number(object, "high_ns", line->interval, line->shift_high);
    json_object_set_double_member(object, "ratio", line->ratio);
    set_number(object, "low", line->interval, line->low);
    set_number(object, "high", line->interval, line->high);
    json_object_set_double_member(object, "p", line->p);
    json_object_set_double_member(object, "p_holm", line->p_holm);
    json_object_set_double_member(object, "delta", line->delta);
    json_object_set_double_member(object, "floor", line->floor);
    set_number(object, "visible", TRUE, line->visible);
    json_object_set_int_member(object, "rounds_needed", line->rounds_needed);
    json_object_set_string_member(object, "change", cp_change_name(line->change));
    json_object_set_string_member(object, "second", cp_second_name(line->second));
    return object;
}

static JsonObject *
count_to_json(const CpComparedCount *count)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "scenario", count->scenario);
    json_object_set_int_member(object, "line", count->line);
    json_object_set_string_member(object, "what", count->what);
    json_object_set_boolean_member(object, "worse", count->worse);
    json_object_set_boolean_member(object, "unsure", count->unsure);
    json_object_set_int_member(object, "a", count->a);
    json_object_set_int_member(object, "b", count->b);
    json_object_set_int_member(object, "rounds_a", count->rounds_a);
    json_object_set_int_member(object, "rounds_b", count->rounds_b);
    json_object_set_string_member(object, "second", cp_second_name(count->second));
    return object;
}

static JsonObject *
cpu_to_json(const CpComparedCpu *cpu)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "scenario", cpu->scenario);
    json_object_set_double_member(object, "libvirt_a_ns", cpu->libvirt_a);
    json_object_set_double_member(object, "libvirt_b_ns", cpu->libvirt_b);
    json_object_set_double_member(object, "emulators_a_ns", cpu->emulators_a);
    json_object_set_double_member(object, "emulators_b_ns", cpu->emulators_b);
    return object;
}

static JsonObject *
cost_to_json(const CpComparedLine *line, CpCost cost)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "cost", cp_cost_name(cost));
    json_object_set_string_member(object, "scenario", line->scenario);
    json_object_set_int_member(object, "line", line->line);
    json_object_set_double_member(object, "median_a", line->a.median);
    json_object_set_double_member(object, "median_b", line->b.median);
    json_object_set_double_member(object, "shift", line->shift);
    json_object_set_double_member(object, "ratio", line->ratio);
    set_number(object, "low", line->interval, line->low);
    set_number(object, "high", line->interval, line->high);
    json_object_set_double_member(object, "p_holm", line->p_holm);
    set_number(object, "visible", TRUE, line->visible);
    json_object_set_string_member(object, "change", cp_change_name(line->change));
    return object;
}

void
cp_comparison_print_json(const CpComparison *comparison, FILE *out)
{
    JsonObject *object = json_object_new();
    JsonArray *lines = json_array_new(), *counts = json_array_new(), *cpu = json_array_new();
    JsonArray *costs = json_array_new(), *notes = json_array_new();
    for (guint i = 0; i < comparison->lines->len; i++)
        json_array_add_object_element(lines, line_to_json(&g_array_index(comparison->lines, CpComparedLine, i)));
    for (guint i = 0; i < comparison->counts->len; i++)
        json_array_add_object_element(counts, count_to_json(&g_array_index(comparison->counts, CpComparedCount, i)));
    for (guint i = 0; i < comparison->cpu->len; i++)
        json_array_add_object_element(cpu, cpu_to_json(&g_array_index(comparison->cpu, CpComparedCpu, i)));
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++) {
        const GArray *of_cost = comparison->costs[cost];
        for (guint i = 0; i < of_cost->len; i++)
            json_array_add_object_element(costs, cost_to_json(&g_array_index(of_cost, CpComparedLine, i), cost));
    }
    for (guint i = 0; i < comparison->notes->len; i++)
        json_array_add_string_element(notes, comparison->notes->pdata[i]);
    json_object_set_string_member(object, "schema", "capprobe.comparison/1");
    json_object_set_string_member(object, "overall", cp_overall_name(comparison->overall));
    json_object_set_string_member(object, "a", comparison->name_a);
    json_object_set_string_member(object, "b", comparison->name_b);
    json_object_set_boolean_member(object, "paired", comparison->paired);
    json_object_set_boolean_member(object, "complete", comparison->complete);
    json_object_set_double_member(object, "alpha", comparison->rule.alpha);
    json_object_set_double_member(object, "threshold", comparison->rule.threshold);
    json_object_set_double_member(object, "margin", comparison->rule.margin);
    json_object_set_array_member(object, "lines", lines);
    json_object_set_array_member(object, "counts", counts);
    json_object_set_array_member(object, "cpu", cpu);
    json_object_set_array_member(object, "costs", costs);
    json_object_set_array_member(object, "notes", notes);
    JsonNode *root = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(root, object);
    cp_json_print(root, out);
}
