/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The medians of a result in Bencher Metric Format. */
#include "base/text.h"
#include "show/formats.h"
#include "show/json-text.h"
#include "show/lines.h"

void
cp_bencher_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) lines = cp_shown_lines(result);
    JsonObject *benchmarks = json_object_new();
    for (guint i = 0; i < lines->len; i++) {
        const CpShownLine *line = lines->pdata[i];
        JsonObject *measures = json_object_new(), *latency = json_object_new();
        g_autofree char *name = cp_text_printable(line->name);
        json_object_set_double_member(latency, "value", line->summary.median);
        if (line->summary.interval) {
            json_object_set_double_member(latency, "lower_value", line->summary.low);
            json_object_set_double_member(latency, "upper_value", line->summary.high);
        }
        json_object_set_object_member(measures, "latency", latency);
        json_object_set_object_member(benchmarks, name, measures);
    }
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, benchmarks);
    cp_json_print(node, out);
}
