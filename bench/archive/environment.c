/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the environment of a result says. */
#include "archive/environment.h"

#include <string.h>

#include "base/text.h"

char *
cp_environment_machine(JsonObject *environment)
{
    JsonNode *cpus = cp_environment_find(environment, "host.cpus");
    gint64 n = cpus && JSON_NODE_HOLDS_VALUE(cpus) ? json_node_get_int(cpus) : 0;
    return g_strdup_printf("%" G_GINT64_FORMAT " x %s", n, cp_environment_text(environment, "host.cpu"));
}

char *
cp_environment_variant(JsonObject *environment, const char *name)
{
    static const char *const asked[] = { "kvm", "arch", "machine", "virttype" };
    g_autoptr(GString) text = g_string_new(name);
    g_string_append_printf(text, "%s%s", name ? " " : "", cp_environment_text(environment, "target"));
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        const char *value = cp_environment_text(environment, asked[i]);
        if (*value)
            g_string_append_printf(text, " %s=%s", asked[i], value);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
cp_environment_emulator(JsonObject *environment)
{
    const char *text = cp_environment_text(environment, "emulator.version"), *version = strstr(text, "version ");
    text = version ? version + strlen("version ") : text;
    return g_strndup(text, strcspn(text, " "));
}

/* Returns a copy without one member. The caller owns it. */
static JsonObject *
copy_without(JsonObject *object, const char *left_out)
{
    JsonObject *copy = json_object_new();
    JsonObjectIter members;
    const char *name;
    JsonNode *member;
    json_object_iter_init_ordered(&members, object);
    while (json_object_iter_next_ordered(&members, &name, &member)) {
        if (!g_str_equal(name, left_out))
            json_object_set_member(copy, name, json_node_copy(member));
    }
    return copy;
}

char *
cp_environment_lasting(JsonObject *environment)
{
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(root, copy_without(environment, "date"));
    JsonNode *host = cp_environment_find(environment, "host");
    if (host && JSON_NODE_HOLDS_OBJECT(host))
        json_object_set_object_member(json_node_get_object(root), "host",
                                      copy_without(json_node_get_object(host), "load_1min"));
    return json_to_string(root, FALSE);
}

/* Adds every value below `node` to the table, by its path. */
static void
flatten(JsonNode *node, const char *path, GHashTable *values)
{
    if (!JSON_NODE_HOLDS_OBJECT(node)) {
        g_autofree char *text = json_to_string(node, FALSE);
        gboolean is_text = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
        g_hash_table_insert(values, g_strdup(path), is_text ? json_node_dup_string(node) : g_steal_pointer(&text));
        return;
    }
    JsonObjectIter members;
    const char *name;
    JsonNode *member;
    json_object_iter_init(&members, json_node_get_object(node));
    while (json_object_iter_next(&members, &name, &member)) {
        g_autofree char *below = *path ? g_strdup_printf("%s.%s", path, name) : g_strdup(name);
        flatten(member, below, values);
    }
}

static GHashTable *
flatten_text(const char *text)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(JsonNode) root = json_from_string(text, NULL);
    if (root)
        flatten(root, "", values);
    return values;
}

GStrv
cp_environment_differences(const char *before, const char *after)
{
    g_autoptr(GHashTable) old = flatten_text(before), new = flatten_text(after);
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    GHashTableIter values;
    gpointer path, value;

    g_hash_table_iter_init(&values, old);
    while (g_hash_table_iter_next(&values, &path, &value)) {
        const char *other = g_hash_table_lookup(new, path);
        if (g_strcmp0(value, other) != 0)
            g_ptr_array_add(lines, g_strdup_printf("%s: %s -> %s", (char *)path, (char *)value, other ? other : "-"));
    }
    g_hash_table_iter_init(&values, new);
    while (g_hash_table_iter_next(&values, &path, &value)) {
        if (!g_hash_table_contains(old, path))
            g_ptr_array_add(lines, g_strdup_printf("%s: - -> %s", (char *)path, (char *)value));
    }
    g_ptr_array_sort(lines, cp_text_compare);
    g_ptr_array_add(lines, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&lines), FALSE);
}
