/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gnuplot, which draws plots. */
#pragma once

#include <stdio.h>

#include <glib.h>

/**
 * Runs gnuplot with `script`, a file from its begin, for its standard input; what it prints goes to `out`, which is flushed. It reads no settings
 * of the user, and is ended after a minute. FALSE with `error` set (CP_ERROR_UNTESTABLE) if there is no gnuplot, or
 * (CP_ERROR_FAILED) if it fails.
 */
gboolean cp_gnuplot_run(FILE *script, FILE *out, GError **error);
