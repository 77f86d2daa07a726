/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "input/schema.h"

/*
 * The words that the libvirt being fuzzed knows: generated from its tables, when the targets are built, by
 * list-vocabulary.c.
 */

typedef struct {
    const char *const *words;
    size_t length;
} CpVocabulary;

/* One list for each kind before CP_KIND_WORDS_END. */
extern const CpVocabulary cp_vocabulary[];

/* The names that it looks for in what an emulator says; from its source, by list-qmp-words.sh. */
extern const CpVocabulary cp_vocabulary_qmp;

/* LIBVIR_VERSION_NUMBER. */
extern const unsigned long cp_vocabulary_version;
