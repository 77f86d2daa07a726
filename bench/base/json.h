/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON from files: parsed strictly, and refused with FILE:LINE:COLUMN. */
#pragma once

#include <json-glib/json-glib.h>

/** A JSON document, with its source so that messages can say where a member is. */
typedef struct {
    const char *file; /* its name in messages; borrowed */
    guint line;       /* the line of `file` on which the document begins, counted from 1 */
    char *text;
    JsonNode *root; /* always an object */
} CpJson;

/**
 * Parses `length` bytes of `text`, which begin at `line` of `file`. The document must be one object of strict JSON.
 * Refused as well (CP_ERROR_USAGE): NUL characters, text that is not UTF-8, two members of one name in an object,
 * nesting deeper than 64 levels, numbers beyond 64 bits.
 */
CpJson *cp_json_parse(const char *file, guint line, const char *text, gsize length, GError **error);
void cp_json_free(CpJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJson, cp_json_free)

/** Sets `error` to "FILE:LINE:COLUMN: what", at the first member called `member`. Always returns FALSE. */
gboolean cp_json_refuse(const CpJson *json, const char *member, GError **error, const char *what, ...)
    G_GNUC_PRINTF(4, 5);

/*
 * Getters for a member of `object`, which is part of `json`. They return FALSE with `error` set (CP_ERROR_USAGE) if the
 * member is missing or of the wrong type. Integers must not be negative. `json` keeps the ownership of strings, objects
 * and arrays.
 */
gboolean cp_json_string(const CpJson *json, JsonObject *object, const char *member, const char **value, GError **error);
gboolean cp_json_integer(const CpJson *json, JsonObject *object, const char *member, gint64 *value, GError **error);
gboolean cp_json_boolean(const CpJson *json, JsonObject *object, const char *member, gboolean *value, GError **error);
gboolean cp_json_number(const CpJson *json, JsonObject *object, const char *member, double *value, GError **error);
gboolean cp_json_object(const CpJson *json, JsonObject *object, const char *member, JsonObject **value, GError **error);
gboolean cp_json_array(const CpJson *json, JsonObject *object, const char *member, JsonArray **value, GError **error);

/** Gets an array of strings: NULL-terminated, owned by the caller. */
gboolean cp_json_strings(const CpJson *json, JsonObject *object, const char *member, GStrv *value, GError **error);

/** Checks that every member of `object` is an integer that is not negative. */
gboolean cp_json_check_integers(const CpJson *json, JsonObject *object, GError **error);
