/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON from files: parsed strictly, and refused with FILE:LINE:COLUMN. */
#include "base/json.h"

#include <string.h>

#include "base/error.h"
#include "base/json-check.h"
#include "base/text.h"

static gboolean
set_error(GError **error, const char *file, guint line, gsize column, const char *what)
{
    g_autofree char *text = g_strdup_printf("%s:%u:%zu: %s", file, line, column, what);
    g_autofree char *shown = cp_text_printable(text);
    g_set_error_literal(error, CP_ERROR, CP_ERROR_USAGE, shown);
    return FALSE;
}

/* Sets the error for the byte at `offset` of `text`, which begins at `line` of `file`. */
static gboolean
refuse_at(const char *file, guint line, const char *text, gsize offset, GError **error, const char *what)
{
    gsize column = 1;
    for (gsize i = 0; i < offset; i++) {
        column++;
        if (text[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return set_error(error, file, line, column, what);
}

typedef struct {
    guint line, column;
} Place;

/* Notes the place of an error: the parser knows it only while it reports the error. */
static void
note_place(JsonParser *parser, const GError *cause G_GNUC_UNUSED, gpointer data)
{
    Place *place = data;
    place->line = json_parser_get_current_line(parser);
    place->column = json_parser_get_current_pos(parser) + 1;
}

CpJson *
cp_json_parse(const char *file, guint line, const char *text, gsize length, GError **error)
{
    g_autofree char *copy = g_strndup(text, length);
    gsize offset;
    g_autofree char *wrong = cp_json_check(copy, length, &offset);
    if (wrong) {
        refuse_at(file, line, copy, offset, error, wrong);
        return NULL;
    }

    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    g_autoptr(GError) cause = NULL;
    Place place = { 1, 1 };
    g_signal_connect(parser, "error", G_CALLBACK(note_place), &place);
    if (!json_parser_load_from_data(parser, copy, length, &cause)) {
        const char *reason = strstr(cause->message, "Parse error: ");
        g_autofree char *what =
            g_strconcat("not JSON: ", reason ? reason + strlen("Parse error: ") : cause->message, NULL);
        set_error(error, file, line + place.line - 1, place.column, what);
        return NULL;
    }

    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
        refuse_at(file, line, copy, 0, error, "expected a JSON object");
        return NULL;
    }

    CpJson *json = g_new0(CpJson, 1);
    json->file = file;
    json->line = line;
    json->text = g_steal_pointer(&copy);
    json->root = json_node_ref(root);
    return json;
}

void
cp_json_free(CpJson *json)
{
    if (!json)
        return;
    json_node_unref(json->root);
    g_free(json->text);
    g_free(json);
}

gboolean
cp_json_refuse(const CpJson *json, const char *member, GError **error, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    g_autofree char *reason = g_strdup_vprintf(what, args);
    va_end(args);

    g_autofree char *quoted = g_strdup_printf("\"%s\"", member);
    const char *place = strstr(json->text, quoted);
    return refuse_at(json->file, json->line, json->text, place ? place - json->text : 0, error, reason);
}

static gboolean
refuse_member(const CpJson *json, const char *member, const char *type, GError **error)
{
    return cp_json_refuse(json, member, error, "member '%s' is missing or of the wrong type, expected %s", member,
                          type);
}

/* Returns the node of a member if it is a plain value of `type`, else NULL. */
static JsonNode *
value_of(JsonObject *object, const char *member, GType type)
{
    JsonNode *node = json_object_get_member(object, member);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node : NULL;
}

gboolean
cp_json_string(const CpJson *json, JsonObject *object, const char *member, const char **value, GError **error)
{
    JsonNode *node = value_of(object, member, G_TYPE_STRING);
    if (!node)
        return refuse_member(json, member, "a string", error);
    *value = json_node_get_string(node);
    return TRUE;
}

gboolean
cp_json_integer(const CpJson *json, JsonObject *object, const char *member, gint64 *value, GError **error)
{
    JsonNode *node = value_of(object, member, G_TYPE_INT64);
    if (!node || json_node_get_int(node) < 0)
        return refuse_member(json, member, "an integer that is not negative", error);
    *value = json_node_get_int(node);
    return TRUE;
}

gboolean
cp_json_boolean(const CpJson *json, JsonObject *object, const char *member, gboolean *value, GError **error)
{
    JsonNode *node = value_of(object, member, G_TYPE_BOOLEAN);
    if (!node)
        return refuse_member(json, member, "true or false", error);
    *value = json_node_get_boolean(node);
    return TRUE;
}

gboolean
cp_json_number(const CpJson *json, JsonObject *object, const char *member, double *value, GError **error)
{
    JsonNode *node = value_of(object, member, G_TYPE_DOUBLE);
    if (!node)
        node = value_of(object, member, G_TYPE_INT64);
    if (!node)
        return refuse_member(json, member, "a number", error);
    *value = json_node_get_double(node);
    return TRUE;
}

gboolean
cp_json_object(const CpJson *json, JsonObject *object, const char *member, JsonObject **value, GError **error)
{
    JsonNode *node = json_object_get_member(object, member);
    if (!node || !JSON_NODE_HOLDS_OBJECT(node))
        return refuse_member(json, member, "an object", error);
    *value = json_node_get_object(node);
    return TRUE;
}

gboolean
cp_json_array(const CpJson *json, JsonObject *object, const char *member, JsonArray **value, GError **error)
{
    JsonNode *node = json_object_get_member(object, member);
    if (!node || !JSON_NODE_HOLDS_ARRAY(node))
        return refuse_member(json, member, "an array", error);
    *value = json_node_get_array(node);
    return TRUE;
}

gboolean
cp_json_strings(const CpJson *json, JsonObject *object, const char *member, GStrv *value, GError **error)
{
    JsonArray *array;
    if (!cp_json_array(json, object, member, &array, error))
        return FALSE;

    guint length = json_array_get_length(array);
    g_auto(GStrv) strings = g_new0(char *, length + 1);
    for (guint i = 0; i < length; i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
            return cp_json_refuse(json, member, error, "an element of '%s' is not a string", member);
        strings[i] = json_node_dup_string(node);
    }
    *value = g_steal_pointer(&strings);
    return TRUE;
}

gboolean
cp_json_check_integers(const CpJson *json, JsonObject *object, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *name = names; name; name = name->next) {
        gint64 value;
        if (!cp_json_integer(json, object, name->data, &value, error))
            return FALSE;
    }
    return TRUE;
}
