/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that an input of a caps-* target contains beside its document. */
#pragma once

#include <glib.h>

/**
 * An input, split into options and document. Options are attributes of a processing instruction at the very start of
 * the input, the options instruction:
 *
 *     <?capprobe allocation='17' machine='q35'?><qemuCaps>...
 *
 * The document is what follows. An input without the instruction is all document. Each target documents the options
 * that it knows and ignores the others, so that one seed serves all targets. Both members point into the input.
 */
typedef struct {
    const char *words; /* the attributes; not NUL-terminated */
    gsize words_length;
    const char *document; /* not NUL-terminated */
    gsize length;         /* of the document, in bytes */
} CpInputOptions;

/** Splits an input of `size` bytes, which the caller keeps as long as the result is used. */
CpInputOptions cp_input_options_read(const guint8 *data, gsize size);

/** Returns the value of option `name` as it is written, or NULL if it is not given. The caller owns it. */
char *cp_input_options_string(const CpInputOptions *options, const char *name);

/**
 * Returns the value of option `name` as a number, or `otherwise` if it is not given or is not a decimal number from 0
 * to 2^63 - 1.
 */
gint64 cp_input_options_number(const CpInputOptions *options, const char *name, gint64 otherwise);
