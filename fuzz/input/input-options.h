/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What an input of a caps target says beside its document, in a processing instruction at its very start:
 *
 *     <?capprobe allocation='17' machine='q35'?><qemuCaps>...
 *
 * The document is what follows; an input without the instruction is all document. Each target says which names it
 * looks at; others mean nothing. So one seed serves all targets, and a person can read what an input asks for.
 */
typedef struct {
    const char *words; /* the attributes, in the input */
    size_t words_length;
    const char *document; /* in the input, too */
    size_t length;
} CpInputOptions;

CpInputOptions cp_input_options_read(const uint8_t *data, size_t size);

/* The value of @name as it is written, to be freed; NULL where it is not given. */
char *cp_input_options_string(const CpInputOptions *control, const char *name);

/* The value of @name as a number; @otherwise where it is not given, or not a number from 0 to 2^63 - 1. */
int64_t cp_input_options_number(const CpInputOptions *control, const char *name, int64_t otherwise);
