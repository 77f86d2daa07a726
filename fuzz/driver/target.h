/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A fuzz target, as all engines call it. Each is one file, named after what it tests; the name is also that of the
 * program, of its seeds (corpus/seeds/<name>) and of its regressions (corpus/regressions/<name>).
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an engine calls once, before all else. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What an engine calls for mutations, where it has a place for them: libFuzzer does. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data,
                                 size_t size,
                                 const uint8_t *other,
                                 size_t other_size,
                                 uint8_t *output_data,
                                 size_t max_size,
                                 unsigned int seed);

/* The engine's own mutator; not every engine has one. */
size_t __attribute__((weak)) LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
