/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The mutator as libFuzzer calls it. Now and then libFuzzer's own, which knows what the target compares, has its turn.
 */

#include "mutator/mutator.h"

#include <string.h>

#include "driver/target.h"

static size_t
hand_over(GString *output, uint8_t *data)
{
    size_t length = output->len;

    memcpy(data, output->str, length);
    return length;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    g_autoptr(GString) output = NULL;

    if (LLVMFuzzerMutate && seed % 64 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    output = g_string_new(NULL);
    cp_mutator_mutate(NULL, (const char *)data, size, NULL, 0, max_size, seed, output);
    return hand_over(output, data);
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
    return hand_over(output, output_data);
}
