/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: samples read from JSON without a tree of it, which would be far larger than they are. */
#pragma once

#include "measure/result.h"

/** The samples of one array. Freed by cp_samples_free(). */
typedef struct {
    GArray *samples; /* of CpSample */
    GStringChunk *labels;
} CpSamples;

void cp_samples_free(gpointer samples);

/**
 * Reads all arrays "samples" of `text`, JSON of `length` bytes, if they are as capprobe writes them, and takes out of it what is
 * between their brackets. Returns what they held, in their order: of CpSamples. Returns NULL and leaves the text as it is
 * if any of them is not; the reader of the whole text then says what is wrong, if anything is.
 */
GPtrArray *cp_samples_take(char *text, gsize length);
