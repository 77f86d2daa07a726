/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the environment of a result. */
#include "measure/environment-text.h"

const char *
cp_environment_text(JsonObject *environment, const char *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(environment, object) : NULL;
    JsonObject *in = !object ? environment : node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    JsonNode *value = in ? json_object_get_member(in, name) : NULL;
    return value && JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_STRING
               ? json_node_get_string(value)
               : "";
}
