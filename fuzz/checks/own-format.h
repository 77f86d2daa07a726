/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the targets for capprobe's own formats share. */
#pragma once

#include <glib.h>
#include <stdio.h>

/* These targets cannot read files of the machine: every name in the folder of the input is a file with the same
 * content, and nothing else exists. */

/** The name under which an input is parsed. */
#define CP_OWN_FORMAT_FILE "/input/input"

/**
 * Demands that `error` is a proper reason to refuse `size` bytes of `data`: CP_ERROR_USAGE, with a message of one
 * line that begins with "FILE:LINE:COLUMN: ", where the line exists in the input.
 */
void cp_own_format_refused(const GError *error, const char *data, gsize size);

/** Returns a stream that discards everything. The caller must not close it. */
FILE *cp_own_format_null_stream(void);

/** How one of capprobe's own formats is read and written. */
typedef struct {
    gpointer (*parse)(const char *text, gsize length, GError **error); /* returns NULL and sets `error`, or succeeds */
    char *(*write)(gconstpointer parsed);                              /* returns a text that can be parsed again */
    char *(*describe)(gconstpointer parsed); /* returns all that must be the same then; NULL: the text of write() */
    void (*free)(gpointer parsed);
} CpOwnFormat;

/**
 * Demands that the `size` bytes of `data` are refused as cp_own_format_refused() wants it, or accepted; and then that
 * they are the same when they are written and parsed again. Returns what was parsed, which the caller owns, or NULL.
 */
gpointer cp_own_format_check(const CpOwnFormat *format, const char *data, gsize size);
