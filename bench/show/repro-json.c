/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found out about known defects, as JSON. */
#include "show/json-text.h"
#include "show/repro.h"

/* Sets a member to a string, or to null. */
static void
set_text(JsonObject *object, const char *name, const char *text)
{
    if (text)
        json_object_set_string_member(object, name, text);
    else
        json_object_set_null_member(object, name);
}

static JsonObject *
describe(const CpRepro *repro, gboolean tried)
{
    const CpBug *bug = repro->bug;
    JsonObject *object = json_object_new();
    JsonArray *seen = json_array_new();
    for (char **version = bug->seen; *version; version++)
        json_array_add_string_element(seen, *version);
    set_text(object, "id", bug->id);
    set_text(object, "symptom", bug->symptom);
    set_text(object, "kind", bug->kind);
    set_text(object, "since", bug->since);
    set_text(object, "fixed", bug->fixed);
    json_object_set_array_member(object, "seen", seen);
    set_text(object, "shown_by", repro->by_input ? bug->target : "scenario");
    set_text(object, "expected", cp_bug_forecast_name(repro->forecast));
    if (!tried)
        return object;
    set_text(object, "outcome", cp_repro_outcome(repro));
    json_object_set_int_member(object, "hits", repro->hits);
    json_object_set_int_member(object, "runs", repro->runs);
    set_text(object, "reason", repro->reason);
    json_object_set_int_member(object, "wall_ns", repro->wall_ns);
    set_text(object, "proof", repro->proof->str);
    return object;
}

void
cp_repros_print_json(const CpRepros *repros, FILE *out)
{
    g_autoptr(JsonObject) object = json_object_new();
    JsonArray *bugs = json_array_new();
    for (guint i = 0; i < repros->repros->len; i++)
        json_array_add_object_element(bugs, describe(repros->repros->pdata[i], repros->tried));
    set_text(object, "schema", "capprobe.repro/1");
    set_text(object, "libvirt", repros->libvirt);
    set_text(object, "qemu", repros->qemu);
    json_object_set_array_member(object, "bugs", bugs);

    cp_json_print(json_node_init_object(json_node_alloc(), object), out);
}
