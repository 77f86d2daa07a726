/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files as they come from outside.
 */
#pragma once

#include <glib.h>

/** Reads a whole regular file; CP_ERROR_USAGE with its name where that is not possible. The caller owns `text`; a NUL
 * follows it. */
gboolean cp_input_read(const char *file, char **text, gsize *length, GError **error);
