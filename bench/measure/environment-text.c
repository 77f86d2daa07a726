/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the environment of a result. */
#include "measure/environment-text.h"

JsonNode *
cp_environment_find(JsonObject *environment, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, ".", -1);
    JsonNode *node = NULL;
    for (char **name = names; *name; name++) {
        node = environment ? json_object_get_member(environment, *name) : NULL;
        environment = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    }
    return node;
}

const char *
cp_environment_text(JsonObject *environment, const char *path)
{
    JsonNode *node = cp_environment_find(environment, path);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "";
}

gboolean
cp_environment_is_same_run(JsonObject *a, gint64 seed_a, JsonObject *b, gint64 seed_b)
{
    return seed_a == seed_b && g_str_equal(cp_environment_text(a, "date"), cp_environment_text(b, "date"));
}
