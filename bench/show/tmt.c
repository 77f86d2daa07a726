/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as tmt's results.yaml. */
#include "base/text.h"
#include "show/cases.h"
#include "show/formats.h"
#include "show/json-text.h"

static const char *const outcomes[CP_OUTCOME_LAST] = {
    [CP_OUTCOME_PASSED] = "pass",
    [CP_OUTCOME_FAILED] = "fail",
    [CP_OUTCOME_SKIPPED] = "skip",
    [CP_OUTCOME_UNDECIDED] = "error",
};

static void
add_note(JsonArray *notes, const char *text)
{
    g_autofree char *printable = cp_text_printable(text);
    json_array_add_string_element(notes, printable);
}

static JsonObject *
describe(const CpCase *it)
{
    JsonObject *object = json_object_new();
    JsonArray *notes = json_array_new();
    g_autofree char *name = g_strdup_printf("/%s", it->name);
    cp_json_set_text(object, "name", name);
    json_object_set_string_member(object, "result", outcomes[it->outcome]);
    if (*it->reason)
        add_note(notes, it->reason);
    for (char **line = it->details; *line; line++)
        add_note(notes, *line);
    json_object_set_array_member(object, "note", notes);
    return object;
}

void
cp_tmt_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) cases = cp_cases(result);
    JsonArray *array = json_array_new();
    for (guint i = 0; i < cases->len; i++)
        json_array_add_object_element(array, describe(cases->pdata[i]));
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(node, array);
    cp_json_print(node, out);
}
