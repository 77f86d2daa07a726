/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mutator as libFuzzer calls it. Sometimes libFuzzer's own mutator, which knows the target's comparisons, is used. */
#include "mutator/mutator.h"

#include <string.h>

#include "driver/target.h"

/* Copies `output` to `data`. Returns its length. */
static gsize
copy_out(const GString *output, uint8_t *data)
{
    memcpy(data, output->str, output->len);
    return output->len;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    if (LLVMFuzzerMutate && seed % 64 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    g_autoptr(GString) output = g_string_new(NULL);
    cp_mutator_mutate(NULL, (const char *)data, size, NULL, 0, max_size, seed, output);
    return copy_out(output, data);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *data,
                          size_t size,
                          const uint8_t *other,
                          size_t other_size,
                          uint8_t *output_data,
                          size_t max_size,
                          unsigned int seed)
{
    g_autoptr(GString) output = g_string_new(NULL);

    cp_mutator_cross((const char *)data, size, (const char *)other, other_size, max_size, seed, output);
    return copy_out(output, output_data);
}
