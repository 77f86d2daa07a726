/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the environment of a result, which can be of any shape. */
#pragma once

#include <json-glib/json-glib.h>

/** Returns the text `name` of the object `object` in `environment`; `object` is NULL for the environment itself. "" if there is
 * none. It belongs to the environment. */
const char *cp_environment_text(JsonObject *environment, const char *object, const char *name);
