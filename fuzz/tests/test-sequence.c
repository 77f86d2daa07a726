/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of sequences of steps: how they are split, and how the mutator changes them. */

#include <glib.h>
#include <string.h>

#include "input/sequence.h"
#include "mutator/mutator.h"
#include "tests/seeds.h"

#define ROUNDS 1000

static void
test_splitting(void)
{
    static const char text[] = "<?capprobe step='ask'?>a\n<?capprobe kvm='absent'?><?capprobe step='restart'?>b";
    CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];

    g_assert_cmpuint(cp_sequence_split("", 0, steps), ==, 0);
    g_assert_cmpuint(cp_sequence_split("<?capprobe kvm='absent'?>", 25, steps), ==, 0);
    g_assert_cmpuint(cp_sequence_split(text, strlen(text), steps), ==, 3);
    g_assert_cmpmem(steps[0].text, steps[0].length, "<?capprobe step='ask'?>a\n", 25);
    g_assert_cmpmem(steps[1].text, steps[1].length, "<?capprobe kvm='absent'?>", 25);
    g_assert_cmpmem(steps[2].text, steps[2].length, "<?capprobe step='restart'?>b", 28);
}

static void
test_too_many_steps(void)
{
    CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 2 * CP_SEQUENCE_STEPS_MAX; i++)
        g_string_append(text, "<?capprobe step='ask'?>");
    g_assert_cmpuint(cp_sequence_split(text->str, text->len, steps), ==, CP_SEQUENCE_STEPS_MAX);
    g_assert_cmpuint(steps[CP_SEQUENCE_STEPS_MAX - 1].length, ==, text->len / 2 + strlen("<?capprobe step='ask'?>"));
}

static void
test_mutations_are_sequences(void)
{
    g_autoptr(GString) output = g_string_new(NULL);
    guint changed = 0;
    guint more = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];
        gsize length;
        const char *input = cp_seeds_get(round, &length);
        guint before = cp_sequence_split(input, length, steps);

        cp_seeds_mutate(round, 1 << 16, output);
        guint after = cp_sequence_split(output->str, output->len, steps);
        g_assert_cmpuint(after, >, 0);
        changed += output->len != length || memcmp(output->str, input, length) != 0;
        more += after > before;
        g_string_truncate(output, 0);
        cp_mutator_mutate(NULL, input, length, NULL, 0, 300, round, output);
        g_assert_cmpuint(output->len, <=, 300);
    }
    g_test_message("%u of %u sequences changed, %u have more steps", changed, ROUNDS, more);
    g_assert_cmpuint(changed, >, ROUNDS / 10 * 8);
    g_assert_cmpuint(more, >, ROUNDS / 20);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    cp_seeds_read(argv[1]);
    g_test_add_func("/sequence/splitting", test_splitting);
    g_test_add_func("/sequence/too-many-steps", test_too_many_steps);
    g_test_add_func("/sequence/mutations-are-sequences", test_mutations_are_sequences);
    int status = g_test_run();
    g_ptr_array_unref(cp_seeds);
    return status;
}
