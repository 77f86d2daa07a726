/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A strict check of JSON text, ahead of json-glib's parser. */
#include "base/json-check.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

#define NESTING_MAX 64

typedef struct {
    const char *text;
    gsize at;
    GPtrArray *names;   /* per open bracket: the GHashTable of the object's names, or NULL for an array */
    gboolean name_next; /* the next string is the name of a member */
    gboolean ended;     /* the outermost object is closed */
} Check;

/* Returns the length of the number at the start of `text`; 0 if it is not a valid JSON number. */
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
is_integer(const char *number, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (strchr(".eE", number[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_beyond_64_bits(const char *number, gsize length)
{
    if (!is_integer(number, length))
        return isinf(g_ascii_strtod(number, NULL));
    errno = 0;
    g_ascii_strtoll(number, NULL, 10);
    return errno == ERANGE;
}

/* Returns the value of the `\uXXXX` at the start of `text`; 0 if there is none. No text can hold the value 0 itself. */
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

static gboolean
is_low_surrogate(guint unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Returns the length of the escape at the start of `text`; 0 if it is not valid in JSON, or half a surrogate pair. */
static gsize
escape_length(const char *text)
{
    if (text[1] != 'u')
        return text[1] && strchr("\"\\/bfnrt", text[1]) ? 2 : 0;
    guint unit = code_unit(text);
    if (unit >= 0xd800 && unit < 0xdc00)
        return is_low_surrogate(code_unit(text + 6)) ? 12 : 0;
    return unit == 0 || is_low_surrogate(unit) ? 0 : 6;
}

/* Notes the name of a member, which is the string literal from `begin` to the place reached. */
static char *
check_name(Check *check, gsize begin)
{
    gsize length = check->at - begin;
    g_autofree char *name = g_strndup(check->text + begin + 1, length - 2);
    if (strchr(name, '\\')) {
        g_autofree char *literal = g_strndup(check->text + begin, length);
        g_autoptr(JsonNode) node = json_from_string(literal, NULL);
        g_free(name);
        name = g_strdup(node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : literal);
    }

    GHashTable *names = check->names->pdata[check->names->len - 1];
    if (g_hash_table_contains(names, name)) {
        check->at = begin;
        return g_strdup_printf("a second member '%s', expected different names in an object", name);
    }
    g_hash_table_add(names, g_steal_pointer(&name));
    return NULL;
}

static char *
check_string(Check *check)
{
    gsize begin = check->at++;
    while (check->text[check->at] && check->text[check->at] != '"') {
        gsize escape = check->text[check->at] == '\\' ? escape_length(check->text + check->at) : 1;
        if (escape == 0)
            return g_strdup("an escape that is not valid in JSON, or stands for no character");
        check->at += escape;
    }
    if (!check->text[check->at])
        return NULL; /* the parser refuses a string without an end */
    check->at++;
    return check->name_next ? check_name(check, begin) : NULL;
}

static char *
check_number(Check *check)
{
    gsize length = number_length(check->text + check->at);
    if (length == 0)
        return g_strdup("not a valid JSON number");
    if (is_beyond_64_bits(check->text + check->at, length))
        return g_strdup("a number beyond 64 bits");
    check->at += length;
    return NULL;
}

static char *
check_opening(Check *check, char bracket)
{
    if (check->names->len == NESTING_MAX)
        return g_strdup_printf("nested too deeply, expected at most %d levels", NESTING_MAX);
    g_ptr_array_add(check->names, bracket == '{' ? g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) : NULL);
    check->at++;
    return NULL;
}

static void
check_closing(Check *check)
{
    g_ptr_array_set_size(check->names, check->names->len - 1);
    check->ended = check->names->len == 0;
    check->at++;
}

/* Checks the token at the place reached, and goes on to the next place. */
static char *
check_token(Check *check)
{
    char c = check->text[check->at];
    char *wrong = NULL;

    if (check->ended)
        return g_strdup("text after the object, expected the end");
    if (check->names->len == 0 && c != '{')
        return g_strdup("expected a JSON object");

    if (c == '"') {
        wrong = check_string(check);
    } else if (c == '[' || c == '{') {
        wrong = check_opening(check, c);
    } else if (c == ']' || c == '}') {
        check_closing(check);
    } else if (c == '-' || g_ascii_isdigit(c)) {
        wrong = check_number(check);
    } else if (g_ascii_isalpha(c)) {
        while (g_ascii_isalnum(check->text[check->at]))
            check->at++;
    } else if (c == ':' || c == ',') {
        check->at++;
    } else {
        const char *from = check->text + check->at;
        wrong = g_strdup_printf("unexpected '%.*s', expected JSON", (int)(g_utf8_next_char(from) - from), from);
    }
    check->name_next = (c == '{' || c == ',') && check->names->len > 0 && check->names->pdata[check->names->len - 1];
    return wrong;
}

static void
names_free(gpointer names)
{
    g_clear_pointer((GHashTable **)&names, g_hash_table_unref);
}

char *
cp_json_check(const char *text, gsize length, gsize *place)
{
    const char *bad;
    if (!g_utf8_validate_len(text, length, &bad)) {
        *place = bad - text;
        return g_strdup("a byte that is not UTF-8 text, expected JSON");
    }

    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(names_free);
    Check check = { .text = text, .names = names };
    char *wrong = NULL;
    while (!wrong && (check.at += strspn(text + check.at, " \t\r\n")) < length)
        wrong = check_token(&check);
    *place = check.at;
    return wrong;
}
