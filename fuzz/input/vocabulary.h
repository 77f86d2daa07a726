/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that the libvirt under test knows. The definitions are generated when the targets are built. */
#pragma once

#include "input/schema.h"

/** A list of words. */
typedef struct {
    const char *const *words;
    gsize length;
} CpVocabulary;

/** One list for each CpKind before CP_KIND_WORDS_END, from libvirt's tables: see list-vocabulary.c. */
extern const CpVocabulary cp_vocabulary[];

/** The names that libvirt looks for in QMP replies, and in firmware descriptors, from its source: see list-source-words.sh. */
extern const CpVocabulary cp_vocabulary_qmp;
extern const CpVocabulary cp_vocabulary_firmware;

/** LIBVIR_VERSION_NUMBER of this libvirt. */
extern const gulong cp_vocabulary_version;
