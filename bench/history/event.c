/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of a history: written to and read from JSON, by a table of members. */
#include "history/event.h"

#include <string.h>

#include "base/exit.h"

/* An ERROR_NUMBER is an integer that an event has if, and only if, it has an `error`. */
typedef enum { STRING, INTEGER, ERROR_NUMBER, BOOLEAN, STRINGS, OBJECT } Type;

#define BIT(type) (1u << CP_EVENT_##type)

/* The events that tell how a question to libvirt ended. */
#define OUTCOME (BIT(TRUTH) | BIT(READ))

/* The events that name their variant, if there are several. */
#define OF_VARIANT (BIT(SKIP) | BIT(ANSWER) | BIT(DOCUMENT) | BIT(TRUTH) | BIT(ROUND) | BIT(PROFILE))

/* The events that tell what was spent since another one. */
#define SPENT (BIT(READ) | BIT(CLIENTS_END))

#define VARIANT_NAME_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._+-"
#define VARIANT_NAME_MAX 64

/* The members of events: their type, and as bit sets the events that must have them and those that may. */
static const struct {
    const char *name;
    Type type;
    gsize offset;
    guint must, may;
} members[] = {
#define MEMBER(name, type, must, may)                                                                                  \
    {                                                                                                                  \
#name, type, G_STRUCT_OFFSET(CpEvent, name), must, may                                                         \
    }
    MEMBER(schema, STRING, BIT(HISTORY), 0),
    MEMBER(variant, STRING, BIT(VARIANT), OF_VARIANT),
    MEMBER(environment, OBJECT, BIT(HISTORY) | BIT(VARIANT), 0),
    MEMBER(seed, INTEGER, BIT(HISTORY), 0),
    MEMBER(documents, BOOLEAN, 0, BIT(HISTORY)),
    MEMBER(scenario, STRING, BIT(SCENARIO) | BIT(SKIP) | BIT(ROUND) | BIT(PROFILE), 0),
    MEMBER(file, STRING, BIT(SCENARIO), 0),
    MEMBER(text, STRING, BIT(SCENARIO), 0),
    MEMBER(needs, INTEGER, BIT(SKIP), 0),
    MEMBER(again, BOOLEAN, 0, BIT(SKIP)),
    MEMBER(round, INTEGER, BIT(ROUND), 0),
    MEMBER(line, INTEGER, BIT(OPERATION) | BIT(READ) | BIT(SETTLE) | BIT(EXPECT) | BIT(CLIENTS) | BIT(CLIENTS_END), 0),
    MEMBER(column, INTEGER, 0, BIT(EXPECT)),
    MEMBER(name, STRING, BIT(OPERATION) | BIT(READ), 0),
    MEMBER(label, STRING, 0, BIT(READ) | BIT(SETTLE)),
    MEMBER(args, STRINGS, BIT(OPERATION) | BIT(EXPECT), 0),
    MEMBER(effect, STRING, BIT(OPERATION), 0),
    MEMBER(state, STRING, BIT(TRUTH) | BIT(ROUND) | BIT(OPERATION), 0),
    MEMBER(question, STRING, BIT(TRUTH) | BIT(READ) | BIT(CLIENTS), 0),
    MEMBER(beside, STRING, 0, BIT(CLIENTS)),
    MEMBER(pass, INTEGER, BIT(TRUTH), 0),
    MEMBER(begin_ns, INTEGER, BIT(ROUND) | BIT(OPERATION) | BIT(READ) | BIT(SETTLE) | BIT(PROFILE) | BIT(CLIENTS), 0),
    MEMBER(end_ns,
           INTEGER,
           BIT(ROUND_END) | BIT(OPERATION) | BIT(READ) | BIT(SETTLE) | BIT(UNTESTABLE) | BIT(PROFILE) |
               BIT(CLIENTS_END),
           0),
    MEMBER(libvirt_ns, INTEGER, BIT(ROUND_END), 0),
    MEMBER(limit_ns, INTEGER, BIT(SETTLE), 0),
    MEMBER(status, INTEGER, BIT(END), BIT(ROUND_END)),
    MEMBER(ran_ns, INTEGER, 0, BIT(READ) | BIT(ROUND_END)),
    MEMBER(log, STRINGS, 0, BIT(OPERATION)),
    MEMBER(answer, STRING, BIT(ANSWER), OUTCOME),
    MEMBER(error, STRING, BIT(SKIP) | BIT(UNTESTABLE) | BIT(END), OUTCOME),
    MEMBER(domain, ERROR_NUMBER, 0, OUTCOME),
    MEMBER(code, ERROR_NUMBER, 0, OUTCOME),
    MEMBER(lost, STRING, 0, OUTCOME | BIT(CLIENTS_END)),
    MEMBER(document, STRING, BIT(DOCUMENT), OUTCOME | BIT(OPERATION) | BIT(CLIENTS_END)),
    MEMBER(xml, STRING, BIT(ANSWER) | BIT(DOCUMENT), 0),
    MEMBER(emulators, INTEGER, BIT(TRUTH) | SPENT, 0),
    MEMBER(user_ns, INTEGER, SPENT, 0),
    MEMBER(system_ns, INTEGER, SPENT, 0),
    MEMBER(max_rss_kb, INTEGER, SPENT, 0),
    MEMBER(libvirt_user_ns, INTEGER, SPENT, 0),
    MEMBER(libvirt_system_ns, INTEGER, SPENT, 0),
    MEMBER(libvirt_instructions, INTEGER, 0, BIT(READ)),
    MEMBER(emulator_instructions, INTEGER, 0, BIT(READ)),
    MEMBER(client, INTEGER, 0, BIT(READ)),
    MEMBER(planned_ns, INTEGER, 0, BIT(READ)),
    MEMBER(probing, BOOLEAN, 0, BIT(READ)),
    MEMBER(clients, INTEGER, BIT(CLIENTS), 0),
    MEMBER(rate, INTEGER, BIT(CLIENTS), 0),
    MEMBER(reads, INTEGER, BIT(CLIENTS_END), 0),
    MEMBER(admin, OBJECT, 0, BIT(CLIENTS) | BIT(CLIENTS_END)),
    MEMBER(phases, OBJECT, BIT(PROFILE), 0),
    MEMBER(stamps, OBJECT, 0, BIT(READ)),
#undef MEMBER
};

static const char *const types[] = {
    [CP_EVENT_HISTORY] = "history",     [CP_EVENT_VARIANT] = "variant",
    [CP_EVENT_SCENARIO] = "scenario",   [CP_EVENT_SKIP] = "skip",
    [CP_EVENT_ANSWER] = "answer",       [CP_EVENT_DOCUMENT] = "document",
    [CP_EVENT_TRUTH] = "truth",         [CP_EVENT_ROUND] = "round",
    [CP_EVENT_OPERATION] = "operation", [CP_EVENT_READ] = "read",
    [CP_EVENT_SETTLE] = "settle",       [CP_EVENT_EXPECT] = "expect",
    [CP_EVENT_ROUND_END] = "round-end", [CP_EVENT_UNTESTABLE] = "untestable",
    [CP_EVENT_PROFILE] = "profile",     [CP_EVENT_END] = "end",
    [CP_EVENT_CLIENTS] = "clients",     [CP_EVENT_CLIENTS_END] = "clients-end",
};

CpEvent *
cp_event_new(CpEventType type)
{
    CpEvent *event = g_new0(CpEvent, 1);
    event->type = type;
    return event;
}

void
cp_event_free(CpEvent *event)
{
    if (!event)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        gpointer at = G_STRUCT_MEMBER_P(event, members[i].offset);
        if (members[i].type == STRING)
            g_free(*(char **)at);
        else if (members[i].type == STRINGS)
            g_strfreev(*(char ***)at);
        else if (members[i].type == OBJECT)
            g_clear_pointer((JsonObject **)at, json_object_unref);
    }
    g_free(event);
}

gboolean
cp_event_is_of_variant(CpEventType type)
{
    return (OF_VARIANT & (1u << type)) != 0;
}

gboolean
cp_event_is_variant_name(const char *name)
{
    gsize length = strlen(name);
    return length > 0 && length <= VARIANT_NAME_MAX && length == strspn(name, VARIANT_NAME_CHARACTERS);
}

static void
write_member(JsonObject *object, const CpEvent *event, gsize i)
{
    gconstpointer at = G_STRUCT_MEMBER_P(event, members[i].offset);
    const char *name = members[i].name;
    gboolean must = members[i].must & (1u << event->type);

    if ((members[i].type == INTEGER && (must || *(const gint64 *)at != 0)) ||
        (members[i].type == ERROR_NUMBER && event->error)) {
        json_object_set_int_member(object, name, *(const gint64 *)at);
    } else if (members[i].type == BOOLEAN && *(const gboolean *)at) {
        json_object_set_boolean_member(object, name, TRUE);
    } else if (members[i].type == STRING && *(char *const *)at) {
        json_object_set_string_member(object, name, *(char *const *)at);
    } else if (members[i].type == OBJECT && *(JsonObject *const *)at) {
        json_object_set_object_member(object, name, json_object_ref(*(JsonObject *const *)at));
    } else if (members[i].type == STRINGS && (must || *(char **const *)at)) {
        JsonArray *array = json_array_new();
        for (char **string = *(char **const *)at; string && *string; string++)
            json_array_add_string_element(array, *string);
        json_object_set_array_member(object, name, array);
    }
}

char *
cp_event_write(const CpEvent *event)
{
    g_autoptr(JsonObject) object = json_object_new();
    json_object_set_string_member(object, "type", types[event->type]);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        if ((members[i].must | members[i].may) & (1u << event->type))
            write_member(object, event, i);
    }

    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_set_object(node, object);
    return json_to_string(node, FALSE);
}

static gboolean
read_member(const CpJson *json, JsonObject *object, CpEvent *event, gsize i, GError **error)
{
    gpointer at = G_STRUCT_MEMBER_P(event, members[i].offset);
    const char *name = members[i].name;
    const char *string;

    switch (members[i].type) {
    case INTEGER:
    case ERROR_NUMBER:
        return cp_json_integer(json, object, name, at, error);
    case BOOLEAN:
        return cp_json_boolean(json, object, name, at, error);
    case STRINGS:
        return cp_json_strings(json, object, name, at, error);
    case OBJECT:
        if (!cp_json_object(json, object, name, at, error))
            return FALSE;
        json_object_ref(*(JsonObject **)at);
        return TRUE;
    case STRING:
        if (!cp_json_string(json, object, name, &string, error))
            return FALSE;
        *(char **)at = g_strdup(string);
        return TRUE;
    }
    g_assert_not_reached();
}

/* Checks the arguments of an `expect` event. */
static gboolean
check_expectation(const CpJson *json, const CpEvent *event, GError **error)
{
    const CpOperation *expect = cp_operation(CP_OP_EXPECT);
    g_auto(GStrv) form = cp_operation_form(expect, (const char *const *)event->args);
    if (!form)
        return cp_json_refuse(json, "args", error, "wrong or missing arguments, expected %s", expect->arguments);

    for (guint i = 0; form[i]; i++) {
        gint64 count, min, max;
        if (g_str_equal(form[i], "N") && !cp_operation_count(expect, event->args[i], &count, &min, &max))
            return cp_json_refuse(json, "args", error,
                                  "'%s' is not a count, expected a number from %" G_GINT64_FORMAT
                                  " to %" G_GINT64_FORMAT,
                                  event->args[i], min, max);
    }
    return TRUE;
}

/* Checks that a question to libvirt ended in exactly one way. */
static gboolean
check_outcome(const CpJson *json, const CpEvent *event, GError **error)
{
    JsonObject *object = json_node_get_object(json->root);
    if (!!event->answer + !!event->error + !!event->lost != 1)
        return cp_json_refuse(json, "type", error, "expected exactly one of 'answer', 'error' and 'lost'");
    if (!event->error != !json_object_has_member(object, "domain") ||
        !event->error != !json_object_has_member(object, "code"))
        return cp_json_refuse(json, event->error ? "error" : "type", error,
                              "expected 'domain' and 'code' with an 'error', and only then");
    if (event->type == CP_EVENT_TRUTH && (event->pass < 1 || event->pass > 2))
        return cp_json_refuse(json, "pass", error, "pass %" G_GINT64_FORMAT ", expected 1 or 2", event->pass);
    return TRUE;
}

/* Checks that the read of a client, and only that, says which client it was and when it was planned. */
static gboolean
check_client(const CpJson *json, const CpEvent *read, GError **error)
{
    gboolean planned = json_object_has_member(json_node_get_object(json->root), "planned_ns");
    gboolean client = g_str_equal(read->name, cp_operation(CP_OP_CLIENTS)->word);
    if (client != (read->client > 0) || client != planned)
        return cp_json_refuse(json, "name", error,
                              "expected 'client', from 1, and 'planned_ns' with the name 'clients', and only then");
    return !planned || read->planned_ns <= read->begin_ns ||
           cp_json_refuse(json, "begin_ns", error, "'begin_ns' before 'planned_ns'");
}

/* Checks the rules that the table of members cannot express. */
static gboolean
check(const CpJson *json, const CpEvent *event, GError **error)
{
    CpEffect effect;
    if (event->type == CP_EVENT_HISTORY && !g_str_equal(event->schema, CP_HISTORY_SCHEMA))
        return cp_json_refuse(json, "schema", error,
                              "this is a history of the schema '%s', expected '%s'; record it anew", event->schema,
                              CP_HISTORY_SCHEMA);
    if (event->variant && !cp_event_is_variant_name(event->variant))
        return cp_json_refuse(json, "variant", error,
                              "'%s' is not the name of a variant, expected letters, digits and any of ._+-",
                              event->variant);
    if (event->effect && !cp_effect_parse(event->effect, &effect))
        return cp_json_refuse(json, "effect", error, "unknown effect '%s'", event->effect);
    if (event->type == CP_EVENT_EXPECT && !check_expectation(json, event, error))
        return FALSE;
    if (event->type == CP_EVENT_END && !cp_event_check_status(json, event->status, event->error, error))
        return FALSE;
    if (((OUTCOME & (1u << event->type))) && !check_outcome(json, event, error))
        return FALSE;
    if (event->type == CP_EVENT_READ && !check_client(json, event, error))
        return FALSE;
    if (event->type == CP_EVENT_SKIP && event->needs > 1)
        return cp_json_refuse(json, "needs", error, "'needs' is %" G_GINT64_FORMAT ", expected 0 or 1", event->needs);
    if ((event->type == CP_EVENT_OPERATION || event->type == CP_EVENT_READ || event->type == CP_EVENT_SETTLE ||
         event->type == CP_EVENT_PROFILE) &&
        event->end_ns < event->begin_ns)
        return cp_json_refuse(json, "end_ns", error, "'end_ns' before 'begin_ns'");
    return !event->phases || cp_json_check_integers(json, event->phases, error);
}

gboolean
cp_event_check_status(const CpJson *json, gint64 status, const char *reason, GError **error)
{
    if (!cp_exit_is_known(status))
        return cp_json_refuse(json, "status", error,
                              "status %" G_GINT64_FORMAT ", expected an exit status of capprobe, such as 0, 1 or 125",
                              status);
    if (status == CP_EXIT_WELL && *reason)
        return cp_json_refuse(json, "error", error, "status 0 with the error '%s', expected no error", reason);
    return TRUE;
}

CpEvent *
cp_event_read(const char *file, guint line, const char *text, gsize length, GError **error)
{
    g_autoptr(CpJson) json = cp_json_parse(file, line, text, length, error);
    const char *name;
    if (!json)
        return NULL;

    JsonObject *object = json_node_get_object(json->root);
    if (!cp_json_string(json, object, "type", &name, error))
        return NULL;

    CpEventType type = 0;
    while (type < CP_EVENT_LAST && !g_str_equal(types[type], name))
        type++;
    if (type == CP_EVENT_LAST) {
        cp_json_refuse(json, "type", error, "unknown type '%s' of an event", name);
        return NULL;
    }

    g_autoptr(CpEvent) event = cp_event_new(type);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        gboolean must = members[i].must & (1u << type);
        gboolean may = members[i].may & (1u << type);
        if ((must || (may && json_object_has_member(object, members[i].name))) &&
            !read_member(json, object, event, i, error))
            return NULL;
    }
    return check(json, event, error) ? g_steal_pointer(&event) : NULL;
}
