/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON documents that are printed. */
#pragma once

#include <stdio.h>

#include <json-glib/json-glib.h>

/** Prints `node`, which it frees, and a newline. */
void cp_json_print(JsonNode *node, FILE *out);

/** Adds a text, made printable by cp_text_printable(): YAML allows fewer characters than JSON. */
void cp_json_set_text(JsonObject *object, const char *member, const char *text);
