/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mutator as a library for AFL++ (AFL_CUSTOM_MUTATOR_LIBRARY). AFL++ has no header for this interface: it looks up
 * the functions below by name.
 */
#include "mutator/mutator.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    CpMutator *mutator;
    guint64 seed;
    GString *output;
    CpTrim *trim;
    guint step;
} CpAflMutator;

void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *data);
size_t afl_custom_fuzz(
    void *data, uint8_t *input, size_t length, uint8_t **output, uint8_t *other, size_t other_length, size_t max);
int32_t afl_custom_init_trim(void *data, uint8_t *input, size_t length);
size_t afl_custom_trim(void *data, uint8_t **output);
int32_t afl_custom_post_trim(void *data, uint8_t success);
const char *afl_custom_describe(void *data, size_t max);

void *
afl_custom_init(void *afl G_GNUC_UNUSED, unsigned int seed)
{
    CpAflMutator *mutator = g_new0(CpAflMutator, 1);

    mutator->mutator = cp_mutator_new();
    mutator->seed = seed;
    mutator->output = g_string_new(NULL);
    return mutator;
}

void
afl_custom_deinit(void *data)
{
    CpAflMutator *mutator = data;

    cp_mutator_free(mutator->mutator);
    cp_trim_free(mutator->trim);
    g_string_free(mutator->output, TRUE);
    g_free(mutator);
}

size_t
afl_custom_fuzz(
    void *data, uint8_t *input, size_t length, uint8_t **output, uint8_t *other, size_t other_length, size_t max)
{
    CpAflMutator *mutator = data;

    g_string_truncate(mutator->output, 0);
    cp_mutator_mutate(mutator->mutator, (const char *)input, length, (const char *)other, other_length, max,
                      mutator->seed++, mutator->output);
    *output = (uint8_t *)mutator->output->str;
    return mutator->output->len;
}

int32_t
afl_custom_init_trim(void *data, uint8_t *input, size_t length)
{
    CpAflMutator *mutator = data;

    g_clear_pointer(&mutator->trim, cp_trim_free);
    mutator->trim = cp_trim_new((const char *)input, length);
    mutator->step = 0;
    g_string_truncate(mutator->output, 0);
    g_string_append_len(mutator->output, (const char *)input, length);
    return cp_trim_steps(mutator->trim);
}

/* If there are no more candidates, returns the last one again: AFL++ always needs something to run. */
size_t
afl_custom_trim(void *data, uint8_t **output)
{
    CpAflMutator *mutator = data;
    g_autoptr(GString) candidate = g_string_new(NULL);

    if (cp_trim_next(mutator->trim, candidate)) {
        g_string_assign(mutator->output, candidate->str);
        mutator->step++;
    } else {
        mutator->step = cp_trim_steps(mutator->trim);
    }
    *output = (uint8_t *)mutator->output->str;
    return mutator->output->len;
}

int32_t
afl_custom_post_trim(void *data, uint8_t success)
{
    CpAflMutator *mutator = data;

    if (mutator->step < cp_trim_steps(mutator->trim))
        cp_trim_judge(mutator->trim, success);
    return mutator->step;
}

const char *
afl_custom_describe(void *data G_GNUC_UNUSED, size_t max G_GNUC_UNUSED)
{
    return "capprobe";
}
