/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to sequences of steps. */
#include "mutator/mutation.h"

#include <string.h>

#include "input/sequence.h"

/* A sequence that is being changed: a text per step. */
typedef struct {
    CpMutation *mutation;
    GPtrArray *steps; /* of GString */
    gsize max;        /* the largest size of the result */
} Sequence;

static void
free_step(gpointer step)
{
    g_string_free(step, TRUE);
}

static GString *
any_step(Sequence *sequence)
{
    return g_ptr_array_index(sequence->steps, below(sequence->mutation, sequence->steps->len));
}

/* Adds a step at a random place. Takes ownership. */
static void
insert(Sequence *sequence, GString *step)
{
    g_ptr_array_insert(sequence->steps, below(sequence->mutation, sequence->steps->len + 1), step);
}

/* Changes the document of a step, or its options; only these if it has no document. */
static void
change_step(Sequence *sequence)
{
    static const char stand_in[] = "<qemuCaps/>";
    CpMutation document = { .state = chance(sequence->mutation) };
    GString *step = any_step(sequence);
    g_autofree char *before = g_strchomp(g_strdup(step->str));
    gboolean has_document = !g_str_has_suffix(before, "?>");
    g_autofree char *text = g_strdup_printf("%s%s", before, has_document ? "" : stand_in);

    g_string_truncate(step, 0);
    cp_mutation_document(&document, text, strlen(text), sequence->max, step);
    const char *end = strstr(step->str, "?>");
    if (!g_str_has_prefix(step->str, CP_SEQUENCE_START) || !end)
        g_string_assign(step, before);
    else if (!has_document)
        g_string_truncate(step, end + strlen("?>") - step->str);
}

static void
drop(Sequence *sequence)
{
    if (sequence->steps->len > 1)
        g_ptr_array_remove_index(sequence->steps, below(sequence->mutation, sequence->steps->len));
}

static void
repeat(Sequence *sequence)
{
    insert(sequence, g_string_new(any_step(sequence)->str));
}

static void
move(Sequence *sequence)
{
    guint at = below(sequence->mutation, sequence->steps->len);

    insert(sequence, g_ptr_array_steal_index(sequence->steps, at));
}

/* Adds a step of the second input; if that is not a sequence, a step with it as document. */
static void
graft(Sequence *sequence)
{
    CpMutation *mutation = sequence->mutation;
    CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];
    guint n = mutation->other ? cp_sequence_split(mutation->other, mutation->other_length, steps) : 0;

    if (n > 0) {
        const CpSequenceStep *step = steps + below(mutation, n);

        insert(sequence, g_string_new_len(step->text, step->length));
    } else if (mutation->other) {
        GString *step = g_string_new(CP_SEQUENCE_START "ask' signed='yes'?>");

        g_string_append_len(step, mutation->other, mutation->other_length);
        insert(sequence, step);
    }
}

static void (*const operations[])(Sequence *) = {
    change_step, change_step, change_step, change_step, change_step, drop, repeat, move, graft,
};

gboolean
cp_mutate_sequence(CpMutation *mutation, const char *input, gsize length, gsize max, GString *output)
{
    CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];
    guint n = cp_sequence_split(input, length, steps);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free_step);
    Sequence sequence = { mutation, texts, max };
    guint changes = 1 + below(mutation, CP_MUTATION_CHANGES_MAX);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(texts, g_string_new_len(steps[i].text, steps[i].length));
    while (n > 0 && changes-- > 0)
        ANY(mutation, operations)(&sequence);
    for (guint i = 0; i < texts->len; i++) {
        const GString *step = g_ptr_array_index(texts, i);

        if (output->len + step->len <= max)
            g_string_append_len(output, step->str, step->len);
    }
    return n > 0;
}
