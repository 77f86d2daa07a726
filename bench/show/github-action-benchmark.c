/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The medians of a result as the JSON of github-action-benchmark. */
#include "show/formats.h"
#include "show/json-text.h"
#include "show/lines.h"

static char *
format_ms(double ns)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof(text), "%.3f", ns / 1e6));
}

static JsonObject *
describe(const CpShownLine *line)
{
    JsonObject *object = json_object_new();
    g_autofree char *n = g_strdup_printf("%zu samples", line->summary.n);
    cp_json_set_text(object, "name", line->name);
    json_object_set_string_member(object, "unit", "ms");
    json_object_set_double_member(object, "value", line->summary.median / 1e6);
    if (line->summary.interval) {
        g_autofree char *low = format_ms(line->summary.low), *high = format_ms(line->summary.high);
        g_autofree char *range = g_strdup_printf("%s .. %s", low, high);
        json_object_set_string_member(object, "range", range);
    }
    json_object_set_string_member(object, "extra", n);
    return object;
}

void
cp_github_action_benchmark_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) lines = cp_shown_lines(result);
    JsonArray *array = json_array_new();
    for (guint i = 0; i < lines->len; i++)
        json_array_add_object_element(array, describe(lines->pdata[i]));
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(node, array);
    cp_json_print(node, out);
}
