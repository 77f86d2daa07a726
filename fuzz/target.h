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
