/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settles of a scenario in a result. */
#include "measure/settles.h"

void
cp_settles_add(CpScenarioResult *scenario, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    const CpSettle *settle = &finding->settle;
    cp_scenario_result_add_settle(scenario, (CpSettleResult){ finding->round, event->line, event->limit_ns, settle->ns,
                                                              settle->stale, event->label, settle->settled });
}

JsonArray *
cp_settles_write(const CpScenarioResult *scenario)
{
    JsonArray *settles = json_array_new();
    for (guint i = 0; i < scenario->settles->len; i++) {
        const CpSettleResult *settle = &g_array_index(scenario->settles, CpSettleResult, i);
        JsonObject *object = json_object_new();
        json_object_set_int_member(object, "round", settle->round);
        json_object_set_int_member(object, "line", settle->line);
        if (settle->label)
            json_object_set_string_member(object, "label", settle->label);
        else
            json_object_set_null_member(object, "label");
        json_object_set_int_member(object, "limit_ns", settle->limit_ns);
        json_object_set_string_member(object, "settled", cp_settled_name(settle->settled));
        json_object_set_int_member(object, "stale", settle->stale);
        if (settle->settled == CP_SETTLED_RIGHT)
            json_object_set_int_member(object, "ns", settle->ns);
        else
            json_object_set_null_member(object, "ns");
        json_array_add_object_element(settles, object);
    }
    return settles;
}

/* Whether the member is null, which must be so if, and only if, `null` is TRUE. */
static gboolean
check_ns(const CpJson *json, JsonObject *object, gboolean null, gint64 *ns, GError **error)
{
    JsonNode *node = json_object_get_member(object, "ns");
    *ns = 0;
    if (!null)
        return cp_json_integer(json, object, "ns", ns, error);
    return (node && JSON_NODE_HOLDS_NULL(node)) ||
           cp_json_refuse(json, "settle", error, "the 'ns' of a settle that was not right, expected null");
}

gboolean
cp_settles_read(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error)
{
    const char *settled;
    CpSettleResult settle = { 0 };
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "settle", error, "a settle is not an object");

    JsonObject *object = json_node_get_object(node);
    JsonNode *label = json_object_get_member(object, "label");
    if (!cp_json_integer(json, object, "round", &settle.round, error) ||
        !cp_json_integer(json, object, "line", &settle.line, error) ||
        !cp_json_integer(json, object, "limit_ns", &settle.limit_ns, error) ||
        !cp_json_integer(json, object, "stale", &settle.stale, error) ||
        !cp_json_string(json, object, "settled", &settled, error) ||
        (!(label && JSON_NODE_HOLDS_NULL(label)) && !cp_json_string(json, object, "label", &settle.label, error)))
        return FALSE;
    if (!cp_settled_parse(settled, &settle.settled))
        return cp_json_refuse(json, "settle", error, "a settle that is '%s', expected right, never or unknown",
                              settled);
    if (!check_ns(json, object, settle.settled != CP_SETTLED_RIGHT, &settle.ns, error))
        return FALSE;
    cp_scenario_result_add_settle(scenario, settle);
    return TRUE;
}

static void
line_free(gpointer data)
{
    CpSettleLine *line = data;
    g_array_unref(line->right_ns);
    g_free(line);
}

static CpSettleLine *
line_of(GPtrArray *lines, const CpSettleResult *settle)
{
    for (guint i = 0; i < lines->len; i++) {
        CpSettleLine *line = lines->pdata[i];
        if (line->line == settle->line)
            return line;
    }
    CpSettleLine *line = g_new0(CpSettleLine, 1);
    line->line = settle->line;
    line->limit_ns = settle->limit_ns;
    line->label = settle->label;
    line->right_ns = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_ptr_array_add(lines, line);
    return line;
}

GPtrArray *
cp_settles_lines(const CpScenarioResult *scenario)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
    for (guint i = 0; i < scenario->settles->len; i++) {
        const CpSettleResult *settle = &g_array_index(scenario->settles, CpSettleResult, i);
        CpSettleLine *line = line_of(lines, settle);
        line->count[settle->settled]++;
        if (settle->settled == CP_SETTLED_RIGHT)
            g_array_append_val(line->right_ns, settle->ns);
    }
    return lines;
}
