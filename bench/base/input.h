/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Input files: read whole, up to a limit. */
#pragma once

#include <glib.h>

/** The limit of cp_input_read(), in bytes. */
#define CP_INPUT_MAX ((gsize)64 << 20)

/** The limit for histories and results, in bytes. A long run makes large ones. */
#define CP_INPUT_RECORD_MAX ((gsize)1 << 30)

/**
 * Reads the whole of `file`, a regular file or a pipe. Fails (CP_ERROR_USAGE, naming the file) if it is anything else,
 * if it is longer than `max` bytes, or if nothing comes out of a pipe. The caller owns `text`; a NUL follows it.
 */
gboolean cp_input_read_limited(const char *file, gsize max, char **text, gsize *length, GError **error);

/** The same for the limit CP_INPUT_MAX. */
gboolean cp_input_read(const char *file, char **text, gsize *length, GError **error);
