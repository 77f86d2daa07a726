/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>
#include <glib.h>

/*
 * What the targets for capprobe's own formats share. They see one file beside the input, by any name, and nothing else
 * of the machine.
 */

/* The name under which an input is parsed. */
#define CP_OWN_FORMAT_FILE "/input/input"

/*
 * Demands that @error is how a parser refuses @size bytes of @data: CP_ERROR_USAGE, and one line that begins with
 * "FILE:LINE:COLUMN: ", a place that is in the input.
 */
void cp_own_format_refused(const GError *error, const char *data, size_t size);

/* Where to print what nobody will read. */
FILE *cp_own_format_nowhere(void);
