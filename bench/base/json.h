/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON as it comes from outside: read with suspicion, and refused with FILE:LINE:COLUMN.
 */
#pragma once

#include <json-glib/json-glib.h>

/** A document and where it came from, so that whatever is wrong with a member can be placed. */
typedef struct {
    const char *file; /* its name in messages; borrowed */
    guint line;       /* of the document's first character, counted from 1 */
    char *text;
    JsonNode *root; /* always an object */
} CpJson;

/**
 * Parses `length` bytes of `text` that begin at `line` of `file`. Refuses all that is not one object, NUL bytes, what
 * is not UTF-8, nesting deeper than 64 and numbers beyond 64 bits.
 */
CpJson *cp_json_parse(const char *file, guint line, const char *text, gsize length, GError **error);
void cp_json_free(CpJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJson, cp_json_free)

/** Sets `error` to "FILE:LINE:COLUMN: what", placed at the first member called `member`. Always returns FALSE. */
gboolean cp_json_refuse(const CpJson *json, const char *member, GError **error, const char *what, ...)
    G_GNUC_PRINTF(4, 5);

/*
 * The members of `object`, which lies within `json`. FALSE, with `error` set, where the member is missing or of
 * another kind. Strings, objects and arrays stay owned by `json`.
 */
gboolean cp_json_string(const CpJson *json, JsonObject *object, const char *member, const char **value, GError **error);
gboolean cp_json_integer(const CpJson *json, JsonObject *object, const char *member, gint64 *value, GError **error);
gboolean cp_json_number(const CpJson *json, JsonObject *object, const char *member, double *value, GError **error);
gboolean cp_json_object(const CpJson *json, JsonObject *object, const char *member, JsonObject **value, GError **error);
gboolean cp_json_array(const CpJson *json, JsonObject *object, const char *member, JsonArray **value, GError **error);
