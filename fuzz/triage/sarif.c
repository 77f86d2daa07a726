/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes groups of crashes as SARIF. */
#include "triage/sarif.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* A base folder: the paths of files below it are written relative to it. */
typedef struct {
    const char *id;
    const char *path;
} Base;

static void
add_string(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

static void
add_number(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

static void
begin(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
}

static void
begin_array(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}

static void
add_message(JsonBuilder *builder, const char *name, const char *text)
{
    begin(builder, name);
    add_string(builder, "text", text);
    json_builder_end_object(builder);
}

/* Adds each kind once. Maps it to its index in `ids`. */
static void
add_rules(JsonBuilder *builder, const GPtrArray *groups, GHashTable *ids)
{
    begin_array(builder, "rules");
    for (guint i = 0; i < groups->len; i++) {
        const char *kind = cp_group_first(g_ptr_array_index(groups, i))->signature->kind;

        if (g_hash_table_contains(ids, kind))
            continue;
        g_hash_table_insert(ids, (gpointer)kind, GUINT_TO_POINTER(g_hash_table_size(ids)));
        json_builder_begin_object(builder);
        add_string(builder, "id", kind);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_tool(JsonBuilder *builder, const GPtrArray *groups, GHashTable *ids)
{
    begin(builder, "tool");
    begin(builder, "driver");
    add_string(builder, "name", "capprobe-fuzz");
    add_rules(builder, groups, ids);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
}

static void
add_bases(JsonBuilder *builder, const Base *bases)
{
    begin(builder, "originalUriBaseIds");
    for (; bases->id; bases++) {
        g_autofree char *uri = g_filename_to_uri(bases->path, NULL, NULL);
        g_autofree char *folder = g_strdup_printf("%s/", uri);

        begin(builder, bases->id);
        add_string(builder, "uri", folder);
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void
add_file(JsonBuilder *builder, const char *file, const Base *bases)
{
    begin(builder, "artifactLocation");
    while (bases->id && !(g_str_has_prefix(file, bases->path) && file[strlen(bases->path)] == '/'))
        bases++;
    if (bases->id) {
        g_autofree char *uri = g_uri_escape_string(file + strlen(bases->path) + 1, "/", FALSE);
        add_string(builder, "uri", uri);
        add_string(builder, "uriBaseId", bases->id);
    } else {
        g_autofree char *uri = g_filename_to_uri(file, NULL, NULL);
        add_string(builder, "uri", uri);
    }
    json_builder_end_object(builder);
}

static void
add_location(JsonBuilder *builder, const CpFrame *frame, const Base *bases)
{
    json_builder_begin_object(builder);
    begin(builder, "physicalLocation");
    add_file(builder, frame->file, bases);
    begin(builder, "region");
    add_number(builder, "startLine", frame->line);
    if (frame->column > 0)
        add_number(builder, "startColumn", frame->column);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    begin_array(builder, "logicalLocations");
    json_builder_begin_object(builder);
    add_string(builder, "name", frame->function);
    add_string(builder, "kind", "function");
    json_builder_end_object(builder);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static const char *
level_of(const CpGroup *group)
{
    const CpSignature *signature = cp_group_first(group)->signature;

    if (cp_signature_known(signature))
        return "note";
    return g_str_equal(signature->kind, "leak") ? "warning" : "error";
}

static void
add_result(JsonBuilder *builder, const CpGroup *group, GHashTable *ids, const Base *bases)
{
    const CpCrash *first = cp_group_first(group);
    const CpSignature *signature = first->signature;
    g_autofree char *digest = cp_signature_digest(signature);
    g_autofree char *reliability = g_strdup_printf("%u/%u", group->reproduced, group->replays);
    g_autofree char *message = g_strdup_printf("%s: %s", group->name, signature->message);

    json_builder_begin_object(builder);
    add_string(builder, "ruleId", signature->kind);
    add_number(builder, "ruleIndex", GPOINTER_TO_UINT(g_hash_table_lookup(ids, signature->kind)));
    add_string(builder, "level", level_of(group));
    add_message(builder, "message", message);
    begin_array(builder, "locations");
    if (signature->frames->len > 0)
        add_location(builder, g_ptr_array_index(signature->frames, 0), bases);
    json_builder_end_array(builder);
    begin(builder, "partialFingerprints");
    add_string(builder, "signature/v1", digest);
    json_builder_end_object(builder);
    begin(builder, "properties");
    add_string(builder, "target", first->target);
    add_string(builder, "reliability", reliability);
    add_number(builder, "replays", group->replays);
    add_number(builder, "reproduced", group->reproduced);
    add_number(builder, "inputs", group->crashes->len);
    add_number(builder, "bytes", first->size);
    add_number(builder, "bytesMinimised", group->input->len);
    if (cp_signature_known(signature))
        add_string(builder, "known", cp_signature_known(signature));
    json_builder_end_object(builder);
    json_builder_end_object(builder);
}

char *
cp_sarif_write(const GPtrArray *groups, const char *libvirt, const char *capprobe)
{
    const Base bases[] = { { "LIBVIRT", libvirt }, { "CAPPROBE", capprobe }, { NULL, NULL } };
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    json_builder_begin_object(builder);
    add_string(builder, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    add_string(builder, "version", "2.1.0");
    begin_array(builder, "runs");
    json_builder_begin_object(builder);
    add_tool(builder, groups, ids);
    add_bases(builder, bases);
    begin_array(builder, "results");
    for (guint i = 0; i < groups->len; i++)
        add_result(builder, g_ptr_array_index(groups, i), ids, bases);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, TRUE);
}
