/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface between fuzz targets and engines. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A target is one file, named after what it tests. The program, its seeds (corpus/seeds/<name>) and its regressions
 * (corpus/regressions/<name>) have the same name. Engines find these functions by name.
 */

/** Tests one input of `size` bytes. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Prepares the target. Engines call it once, before anything else. Returns 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/** Mutates the input in `data`, which has room for `max_size` bytes. Returns the new size. Only libFuzzer calls it. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/**
 * Combines two inputs into `output_data`, which has room for `max_size` bytes. Returns the size. Only libFuzzer calls
 * it.
 */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data,
                                 size_t size,
                                 const uint8_t *other,
                                 size_t other_size,
                                 uint8_t *output_data,
                                 size_t max_size,
                                 unsigned int seed);

/** The engine's own mutator, NULL if it has none. */
size_t __attribute__((weak)) LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
