/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/json.h. */
#include "base/json.h"

#include "helper.h"

static CpJson *
parse(const char *text, gssize length, GError **error)
{
    g_autofree char *unquoted = unquote(text);
    return length < 0 ? cp_json_parse("F", 7, unquoted, strlen(unquoted), error)
                      : cp_json_parse("F", 7, text, length, error);
}

static void
test_parse(void)
{
    static const char *const cases[] = {
        "{}",
        " { } \n",
        "{`a`:[[[[1]]]],`b`:`[[[{{{`}",
        "{`a`:`\\\\`,`b`:`\\`[`}",
        "{`a`:`\\/\\b\\f\\n\\r\\t\\u00e9\\uFFFD\\ud83d\\uDE00`}",
        "{`max`:9223372036854775807,`real`:123456789012345678901234567890.5e3}",
        "{`a1234567890123456789012345`:1}",
        "{`a`:`99999999999999999999999999`}",
        "{`a`:{`a`:[{`a`:`a`},{`a`:`a`}]},`b`:{`a`:1},`A`:`b`}",
        "{`a`:[`a`,`a`,{},`a`],`b`:`a`}",
        "{`a`:[-9223372036854775808,-0,0,0.5,-1.25e-3,1E+300,true,false,null]}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CpJson) json = parse(cases[i], -1, &error);
        g_assert_no_error(error);
        g_assert_true(JSON_NODE_HOLDS_OBJECT(json->root));
    }
    cp_json_free(NULL);
}

static void
test_refuse(void)
{
    static const struct {
        const char *text;
        gssize length; /* -1 for a text without NUL bytes */
        const char *complaint;
    } cases[] = {
        { "", -1, "F:7:1: " },
        { "\n", -1, "F:7:1: expected a JSON object" },
        { "{\x1b}", -1, "F:7:2: unexpected '\\u001b', expected JSON" },
        { "[]", -1, "F:7:1: expected a JSON object" },
        { "7", -1, "F:7:1: expected a JSON object" },
        { "`text`", -1, "F:7:1: expected a JSON object" },
        { "null", -1, "F:7:1: expected a JSON object" },
        { "{`a`:1", -1, "F:7:7: not JSON: " },
        { "{`a`:", -1, "F:7:6: not JSON: " },
        { "{`a`:`cut", -1, "F:7:11: not JSON: " },
        { "{\n `a`:1,\n x }", -1, "F:8:8: not JSON: " },
        { "{`a`:1}{`b`:2}", -1, "F:7:8: text after the object, expected the end" },
        { "{`a`:1}\n x", -1, "F:8:2: text after the object, expected the end" },
        { "var x = {}", -1, "F:7:1: expected a JSON object" },
        { "`a`{`b`:1}", -1, "F:7:1: expected a JSON object" },
        { "{`a`:1} // why", -1, "F:7:9: text after the object, expected the end" },
        { "{ /* why */ }", -1, "F:7:3: unexpected '/', expected JSON" },
        { "{'a':1}", -1, "F:7:2: unexpected ''', expected JSON" },
        { "{`a`:0x10}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:0x1ffffffffffffffff}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:010}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:1.}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:1e}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:12abc}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:-}", -1, "F:7:6: not a valid JSON number" },
        { "{`a`:.5}", -1, "F:7:6: unexpected '.', expected JSON" },
        { "{`a`:+1}", -1, "F:7:6: unexpected '+', expected JSON" },
        { "{`a`:$ff}", -1, "F:7:6: unexpected '$', expected JSON" },
        { "{`a`:1e999}", -1, "F:7:6: a number beyond 64 bits" },
        { "{`a`:-9223372036854775809}", -1, "F:7:6: a number beyond 64 bits" },
        { "{`a` 1}", -1, "F:7:5: not JSON: " },
        { "\0{}", 3, "F:7:1: a byte that is not UTF-8 text, expected JSON" },
        { "{\n}\0", 4, "F:8:2: a byte that is not UTF-8 text, expected JSON" },
        { "{\"a\":\"\0\"}", 9, "F:7:7: a byte that is not UTF-8 text, expected JSON" },
        { "{`a`:`\xff`}", -1, "F:7:7: a byte that is not UTF-8 text, expected JSON" },
        { "{`a`:`\\666`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\x41`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\u12g4`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\u0000`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\ud83d`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\ud83d\\u0041`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`\\udc00`}", -1, "F:7:7: an escape that is not valid in JSON" },
        { "{`a`:`x\\", -1, "F:7:8: an escape that is not valid in JSON" },
        { "{`a`:9223372036854775808}", -1, "F:7:6: a number beyond 64 bits" },
        { "{`a`:[\n1, 99999999999999999999]}", -1, "F:8:4: a number beyond 64 bits" },
        { "{`a`:-99999999999999999999}", -1, "F:7:6: a number beyond 64 bits" },
        { "{`a`:1,`b`:2,\n `a`:1}", -1, "F:8:2: a second member 'a', expected different names in an object" },
        { "{`a`:1,`\\u0061`:2}", -1, "F:7:8: a second member 'a', expected different names in an object" },
        { "{`x`:[{`a`:{`a`:1},`a`:2}]}", -1, "F:7:20: a second member 'a'" },
        { "{``:1,``:2}", -1, "F:7:7: a second member ''" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("case %zu", i);
        g_assert_null(parse(cases[i].text, cases[i].length, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

static char *
nest(const char *before, char bracket, gsize depth)
{
    g_autofree char *brackets = g_strnfill(depth, bracket);
    return g_strconcat(before, brackets, NULL);
}

static void
test_nesting(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *open = nest("{`a`:", '[', 63), *close = nest("", ']', 63);
    g_autofree char *deepest = g_strconcat(open, close, "}", NULL);
    g_autoptr(CpJson) json = parse(deepest, -1, &error);
    g_assert_no_error(error);
    g_assert_nonnull(json);

    /* The check sees brackets also behind quotes and comments that confuse a simple search. */
    static const struct {
        const char *before;
        char bracket;
        const char *complaint;
    } cases[] = {
        { "", '{', "F:7:65: nested too deeply, expected at most 64 levels" },
        { "{`a`:", '[', "F:7:69: nested too deeply, expected at most 64 levels" },
        { "{`\\`[`:", '[', "F:7:71: nested too deeply, expected at most 64 levels" },
        { "{`\\\\`:", '[', "F:7:70: nested too deeply, expected at most 64 levels" },
        { "{/*`*/", '[', "F:7:2: unexpected '/'" },
        { "{//`\n", '[', "F:7:2: unexpected '/'" },
        { "{#`\n", '[', "F:7:2: unexpected '#'" },
        { "{'`':", '[', "F:7:2: unexpected '''" },
        { "{`'`:", '[', "F:7:69: nested too deeply, expected at most 64 levels" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *deep = nest(cases[i].before, cases[i].bracket, 100000);
        g_test_message("%s", cases[i].before);
        g_assert_null(parse(deep, -1, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

/* The time to parse is in proportion to the length: if each number led to a look at all of the rest, this would take
 * minutes. */
static void
test_long(void)
{
    g_autoptr(GString) text = g_string_new("{\"a\":[0");
    g_autoptr(GError) error = NULL;
    for (int i = 1; i < 300000; i++)
        g_string_append_printf(text, ",%d", 1000000000 + i);
    g_string_append(text, "]}");
    g_autoptr(CpJson) json = cp_json_parse("F", 7, text->str, text->len, &error);
    g_assert_no_error(error);
    g_assert_nonnull(json);
}

/* Returns the types as which a member can be read, with its values. */
static char *
types_of(const CpJson *json, const char *member)
{
    JsonObject *object = json_node_get_object(json->root), *child;
    GString *types = g_string_new(NULL);
    const char *string;
    gint64 integer;
    double number;
    gboolean boolean;
    JsonArray *array;

    if (cp_json_boolean(json, object, member, &boolean, NULL))
        g_string_append_printf(types, "boolean %d", boolean);
    if (cp_json_string(json, object, member, &string, NULL))
        g_string_append_printf(types, "string %s", string);
    if (cp_json_integer(json, object, member, &integer, NULL))
        g_string_append_printf(types, "integer %" G_GINT64_FORMAT " ", integer);
    if (cp_json_number(json, object, member, &number, NULL))
        g_string_append_printf(types, "number %g", number);
    if (cp_json_object(json, object, member, &child, NULL))
        g_string_append_printf(types, "object %u", json_object_get_size(child));
    if (cp_json_array(json, object, member, &array, NULL))
        g_string_append_printf(types, "array %u", json_array_get_length(array));
    return g_string_free(types, FALSE);
}

static void
test_members(void)
{
    static const struct {
        const char *value, *types;
    } cases[] = {
        { "`text`", "string text" },
        { "7", "integer 7 number 7" },
        { "0", "integer 0 number 0" },
        { "-7", "number -7" },
        { "2.5", "number 2.5" },
        { "2.0", "number 2" },
        { "1e3", "number 1000" },
        { "9223372036854775807", "integer 9223372036854775807 number 9.22337e+18" },
        { "{`x`:1,`y`:2}", "object 2" },
        { "[1,2,3]", "array 3" },
        { "true", "boolean 1" },
        { "false", "boolean 0" },
        { "null", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{`m`:%s}", cases[i].value);
        g_autoptr(CpJson) json = parse(text, -1, NULL);
        g_assert_nonnull(json);
        g_autofree char *types = types_of(json, "m"), *absent = types_of(json, "x");
        g_assert_cmpstr(types, ==, cases[i].types);
        g_assert_cmpstr(absent, ==, "");
    }
}

static void
test_place(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpJson) json = parse("{`a`:1,\n  `b`:true}", -1, NULL);
    JsonObject *object = json_node_get_object(json->root), *child;
    JsonArray *array;
    const char *string;
    gint64 integer;
    double number;

    g_assert_false(cp_json_refuse(json, "a", &error, "wrong by %d", 2));
    assert_refused(&error, "F:7:2: wrong by 2");
    g_assert_false(cp_json_string(json, object, "a", &string, &error));
    assert_refused(&error, "F:7:2: member 'a' is missing or of the wrong type, expected a string");
    g_assert_false(cp_json_integer(json, object, "b", &integer, &error));
    assert_refused(&error,
                   "F:8:3: member 'b' is missing or of the wrong type, expected an integer that is not negative");
    g_assert_false(cp_json_number(json, object, "b", &number, &error));
    assert_refused(&error, "F:8:3: member 'b' is missing or of the wrong type, expected a number");
    g_assert_false(cp_json_object(json, object, "b", &child, &error));
    assert_refused(&error, "F:8:3: member 'b' is missing or of the wrong type, expected an object");
    g_assert_false(cp_json_array(json, object, "absent", &array, &error));
    assert_refused(&error, "F:7:1: member 'absent' is missing or of the wrong type, expected an array");
}

static void
test_strings_and_integers(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpJson) json =
        parse("{`s`:[`a`,``],\n`e`:[],\n`m`:[`a`,1],\n`i`:{`x`:0,`y`:7},\n`n`:{`z`:-1}}", -1, NULL);
    JsonObject *object = json_node_get_object(json->root);
    g_auto(GStrv) two = NULL, none = NULL, wrong = NULL;

    g_assert_true(cp_json_strings(json, object, "s", &two, NULL));
    g_assert_cmpuint(g_strv_length(two), ==, 2);
    g_assert_cmpstr(two[0], ==, "a");
    g_assert_cmpstr(two[1], ==, "");
    g_assert_true(cp_json_strings(json, object, "e", &none, NULL));
    g_assert_cmpuint(g_strv_length(none), ==, 0);
    g_assert_false(cp_json_strings(json, object, "m", &wrong, &error));
    assert_refused(&error, "F:9:1: an element of 'm' is not a string");
    g_assert_false(cp_json_strings(json, object, "i", &wrong, &error));
    assert_refused(&error, "F:10:1: member 'i' is missing or of the wrong type, expected an array");
    g_assert_null(wrong);

    g_assert_true(cp_json_check_integers(json, json_object_get_object_member(object, "i"), NULL));
    g_assert_false(cp_json_check_integers(json, json_object_get_object_member(object, "n"), &error));
    assert_refused(&error, "F:11:6: member 'z' is missing or of the wrong type, expected an integer");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/parse", test_parse);
    g_test_add_func("/json/refuse", test_refuse);
    g_test_add_func("/json/nesting", test_nesting);
    g_test_add_func("/json/long", test_long);
    g_test_add_func("/json/members", test_members);
    g_test_add_func("/json/place", test_place);
    g_test_add_func("/json/strings-and-integers", test_strings_and_integers);
    return g_test_run();
}
