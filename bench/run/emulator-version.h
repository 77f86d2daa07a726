/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks an emulator for its version, in a sandbox of its own. The function runs in the caller. */
#pragma once

#include <glib.h>

/**
 * Runs the emulator of the tree, or of the host if `tree` is NULL, with --version and returns the first line that it
 * prints, which the caller owns. Waits at most `deadline_ns`. If the emulator prints no line, returns NULL with `*reason` or
 * `error` set, as cp_first_line() does.
 */
char *cp_emulator_version(const char *tree, const char *emulator, gint64 deadline_ns, char **reason, GError **error);
