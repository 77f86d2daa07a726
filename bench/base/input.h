/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Input files: read whole, up to a limit, or opened. */
#pragma once

#include <stdio.h>

#include <glib.h>

/** The limit of cp_input_read(), in bytes. */
#define CP_INPUT_MAX ((gsize)64 << 20)

/** The limit for results, in bytes. A long run makes large ones. */
#define CP_INPUT_RECORD_MAX ((gsize)1 << 30)

/**
 * Reads the whole of `file`, a regular file or a pipe. Fails (CP_ERROR_USAGE, naming the file) if it is anything else,
 * if it is longer than `max` bytes, or if nothing comes out of a pipe. The caller owns `text`; a NUL follows it.
 */
gboolean cp_input_read_limited(const char *file, gsize max, char **text, gsize *length, GError **error);

/** The same for the limit CP_INPUT_MAX. */
gboolean cp_input_read(const char *file, char **text, gsize *length, GError **error);

/**
 * Opens `file`, a regular file or a pipe, so that it can be read more than once from its begin: what comes out of a pipe
 * is copied to a temporary file first. Fails as the functions above do, but there is no limit. The caller closes it.
 */
FILE *cp_input_open(const char *file, GError **error);
