/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define NESTING_MAX 64

/* Sets the error for the byte at `offset` of `text`, whose first line is `line` of `file`. */
static gboolean
refuse_at(const char *file, guint line, const char *text, gsize offset, GError **error, const char *what)
{
    g_autofree char *shown = cp_text_printable(what);
    gsize column = 1;
    for (gsize i = 0; i < offset; i++) {
        column++;
        if (text[i] == '\n') {
            line++;
            column = 1;
        }
    }
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:%zu: %s", file, line, column, shown);
    return FALSE;
}

/* The length of the number that `text` begins with; 0 where it is none of JSON's. */
static gsize
number_length(const char *text)
{
    const char *digits = "0123456789", *at = text + (*text == '-');
    gsize n = strspn(at, digits);
    if (n == 0 || (n > 1 && *at == '0'))
        return 0;
    at += n;
    if (*at == '.') {
        n = strspn(++at, digits);
        at += n;
    }
    if (n > 0 && (*at == 'e' || *at == 'E')) {
        at += 1 + (at[1] == '+' || at[1] == '-');
        n = strspn(at, digits);
        at += n;
    }
    return n == 0 || g_ascii_isalnum(*at) ? 0 : at - text;
}

static gboolean
is_beyond(const char *text, gsize length)
{
    errno = 0;
    if (strcspn(text, ".eE") < length)
        return isinf(g_ascii_strtod(text, NULL));
    g_ascii_strtoll(text, NULL, 10);
    return errno == ERANGE;
}

/* The value of the `\uXXXX` that `text` begins with; 0 where it is none, or says zero, which no text can hold. */
static guint
code_unit(const char *text)
{
    guint value = 0;
    if (text[0] != '\\' || text[1] != 'u')
        return 0;
    for (gsize i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(text[i]))
            return 0;
        value = value * 16 + g_ascii_xdigit_value(text[i]);
    }
    return value;
}

/* The length of the escape that `text` begins with; 0 where it is none of JSON's, or half of a surrogate pair. */
static gsize
escape_length(const char *text)
{
    if (text[1] != 'u')
        return text[1] && strchr("\"\\/bfnrt", text[1]) ? 2 : 0;
    guint unit = code_unit(text);
    if (unit >= 0xd800 && unit < 0xdc00)
        return code_unit(text + 6) >> 10 == 0xdc00 >> 10 ? 12 : 0;
    return unit == 0 || unit >> 10 == 0xdc00 >> 10 ? 0 : 6;
}

/* The parser recurses, lets large integers wrap and takes more than JSON: what would harm it, or hide something from
 * this check, is refused before it sees it. */
static gboolean
check_harmless(const char *file, guint line, const char *text, gsize length, GError **error)
{
    const char *bad;
    if (!g_utf8_validate_len(text, length, &bad))
        return refuse_at(file, line, text, bad - text, error, "a byte that is not UTF-8 text, expected JSON");

    gsize depth = 0;
    gboolean quoted = FALSE, over = FALSE;
    for (gsize i = 0; i < length; i++) {
        if (quoted) {
            if (text[i] == '\\') {
                gsize escape = escape_length(text + i);
                if (escape == 0)
                    return refuse_at(file, line, text, i, error,
                                     "an escape that JSON does not have, or no text can hold");
                i += escape - 1;
            } else if (text[i] == '"') {
                quoted = FALSE;
            }
        } else if (strchr(" \t\r\n", text[i])) {
            continue;
        } else if (over) {
            return refuse_at(file, line, text, i, error, "text after the object, expected the end");
        } else if (depth == 0 && text[i] != '{') {
            return refuse_at(file, line, text, i, error, "expected a JSON object");
        } else if (text[i] == '"') {
            quoted = TRUE;
        } else if (strchr("[{", text[i])) {
            if (++depth > NESTING_MAX)
                return refuse_at(file, line, text, i, error, "nested too deeply, expected at most 64 levels");
        } else if (strchr("]}", text[i])) {
            over = --depth == 0;
        } else if (text[i] == '-' || g_ascii_isdigit(text[i])) {
            gsize number = number_length(text + i);
            if (number == 0)
                return refuse_at(file, line, text, i, error, "a number that JSON does not have");
            if (is_beyond(text + i, number))
                return refuse_at(file, line, text, i, error, "a number beyond 64 bits");
            i += number - 1;
        } else if (g_ascii_isalpha(text[i])) {
            while (g_ascii_isalnum(text[i + 1]))
                i++;
        } else if (!strchr(":,", text[i])) {
            g_autofree char *what = g_strdup_printf("'%.*s' has no place here, expected JSON",
                                                    (int)(g_utf8_next_char(text + i) - (text + i)), text + i);
            return refuse_at(file, line, text, i, error, what);
        }
    }
    return TRUE;
}

typedef struct {
    guint line, column;
} Place;

/* The parser knows where it is only while it is at it. */
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
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    g_autoptr(GError) cause = NULL;
    g_autofree char *copy = g_strndup(text, length);
    Place place = { 1, 1 };

    if (!check_harmless(file, line, copy, length, error))
        return NULL;

    g_signal_connect(parser, "error", G_CALLBACK(note_place), &place);
    if (!json_parser_load_from_data(parser, copy, length, &cause)) {
        const char *reason = strstr(cause->message, "Parse error: ");
        g_autofree char *shown = cp_text_printable(reason ? reason + strlen("Parse error: ") : cause->message);
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:%u: not JSON: %s", file, line + place.line - 1,
                    place.column, shown);
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
refuse_member(const CpJson *json, const char *member, const char *kind, GError **error)
{
    return cp_json_refuse(json, member, error, "member '%s' is missing or of another kind, expected %s", member, kind);
}

/* The node of a member that holds a plain value of `type`, or NULL. */
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
