/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the environment of a result, which can be of any shape. */
#pragma once

#include <json-glib/json-glib.h>

/** Returns what is at the end of a path of names, such as "host.cpus"; NULL if there is nothing. It belongs to `environment`. */
JsonNode *cp_environment_find(JsonObject *environment, const char *path);

/** Returns the text at the end of a path of names, such as "libvirt.version"; "" if there is none. It belongs to `environment`. */
const char *cp_environment_text(JsonObject *environment, const char *path);

/** Returns whether two results, or histories, are of the same run: it has a seed and a date. */
gboolean cp_environment_is_same_run(JsonObject *a, gint64 seed_a, JsonObject *b, gint64 seed_b);
