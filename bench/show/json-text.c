/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON documents that are printed. */
#include "show/json-text.h"

#include "base/text.h"

void
cp_json_print(JsonNode *node, FILE *out)
{
    g_autoptr(JsonNode) owned = node;
    g_autofree char *text = json_to_string(owned, TRUE);
    fprintf(out, "%s\n", text);
}

void
cp_json_set_text(JsonObject *object, const char *member, const char *text)
{
    g_autofree char *printable = cp_text_printable(text);
    json_object_set_string_member(object, member, printable);
}
