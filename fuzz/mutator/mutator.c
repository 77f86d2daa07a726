/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole mutations: of a parsed input, or of bytes. */
#include "mutator/mutator.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "input/descriptors.h"
#include "mutator/mutation.h"

struct CpMutator {
    char *input; /* the last one, or NULL */
    gsize length;
    CpNode *root; /* `input`, parsed; NULL if it cannot be parsed */
};

/* --- bytes --- */

static void
change_bytes(CpMutation *mutation, GString *output)
{
    static const char *const pieces[] = { "<",         ">",    "'", "\"", "&", "/",       "&#0;", "<!--", "]]>",
                                          "<![CDATA[", "\xff", " ", "[",  "{", "\\u0000", "\n",   "," };
    gsize at = below(mutation, output->len + 1);
    gsize rest = output->len - at;
    gsize length = 1 + below(mutation, 64);

    switch (below(mutation, 5)) {
    case 0:
        g_string_insert(output, at, ANY(mutation, pieces));
        break;
    case 1:
        g_string_erase(output, at, MIN(rest, length));
        break;
    case 2:
        if (rest > 0)
            output->str[at] ^= 1 << below(mutation, 8);
        break;
    case 3:
        g_string_truncate(output, at);
        break;
    default:
        if (rest > 0) {
            g_autofree char *copy = g_memdup2(output->str + at, MIN(rest, length));

            g_string_insert_len(output, below(mutation, output->len + 1), copy, MIN(rest, length));
        }
    }
}

/* --- whole mutations --- */

/* Removes random children of the root until the rest can be written in `max` bytes, if possible. */
static void
shorten(CpMutation *mutation, gsize length, gsize max)
{
    GPtrArray *parts = mutation->root->children;
    g_autoptr(GString) written = g_string_new(NULL);

    while (length > max && parts->len > 0) {
        CpNode *part = g_ptr_array_index(parts, below(mutation, parts->len));

        g_string_truncate(written, 0);
        cp_tree_write_part(part, written);
        length -= MIN(length, written->len);
        cp_tree_free(cp_tree_take(part));
    }
}

static void
finish(CpMutation *mutation, const char *input, gsize length, gsize max, GString *output)
{
    if (mutation->root) {
        cp_tree_write(mutation->root, output);
        if (output->len > max) {
            shorten(mutation, output->len, max);
            g_string_truncate(output, 0);
            cp_tree_write(mutation->root, output);
        }
    } else {
        g_string_append_len(output, input, length);
    }
    if (!mutation->root || one_in(mutation, 256))
        change_bytes(mutation, output);
    if (output->len > max)
        g_string_truncate(output, max);
}

/* Returns `input`, parsed, or NULL if it cannot be parsed. The caller owns it. */
static CpNode *
read_input(CpMutator *mutator, const char *input, gsize length)
{
    if (!mutator)
        return cp_tree_parse(input, length);
    if (!mutator->input || mutator->length != length || memcmp(mutator->input, input, length) != 0) {
        g_free(mutator->input);
        cp_tree_free(mutator->root);
        mutator->input = g_memdup2(input, length);
        mutator->length = length;
        mutator->root = cp_tree_parse(input, length);
    }
    return mutator->root ? cp_tree_copy(mutator->root) : NULL;
}

static void
change(CpMutation *mutation)
{
    if (cp_descriptors_tree_is(mutation->root))
        cp_mutate_descriptors(mutation);
    else if (cp_conversation_tree_is(mutation->root))
        cp_mutate_conversation(mutation);
    else
        cp_mutate_document(mutation);
}

/* Applies one change or more, each made by `change_once`. `mutation` needs no root. */
static void
mutate(CpMutator *mutator,
       CpMutation *mutation,
       void (*change_once)(CpMutation *),
       const char *input,
       gsize length,
       gsize max,
       GString *output)
{
    g_autoptr(CpNode) root = read_input(mutator, input, length);
    guint changes = 1 + below(mutation, CP_MUTATION_CHANGES_MAX);

    /* Most inputs that cannot be parsed are replaced: all that they test is an early error of the parser. */
    if (!root && !one_in(mutation, 32)) {
        root = mutation->other ? cp_tree_parse(mutation->other, mutation->other_length) : NULL;
        if (!root)
            root = cp_mutate_new_document(mutation);
    }
    mutation->root = root;
    while (root && changes-- > 0)
        change_once(mutation);
    finish(mutation, input, length, max, output);
}

void
cp_mutation_document(CpMutation *mutation, const char *input, gsize length, gsize max, GString *output)
{
    mutate(NULL, mutation, change, input, length, max, output);
}

CpMutator *
cp_mutator_new(void)
{
    return g_new0(CpMutator, 1);
}

void
cp_mutator_free(CpMutator *mutator)
{
    if (!mutator)
        return;
    g_free(mutator->input);
    cp_tree_free(mutator->root);
    g_free(mutator);
}

void
cp_mutator_mutate(CpMutator *mutator,
                  const char *input,
                  gsize length,
                  const char *other,
                  gsize other_length,
                  gsize max,
                  guint64 seed,
                  GString *output)
{
    CpMutation mutation = { .state = seed, .other = other, .other_length = other_length };

    if (!cp_mutate_sequence(&mutation, input, length, max, output))
        mutate(mutator, &mutation, change, input, length, max, output);
}

void
cp_mutator_cross(
    const char *input, gsize length, const char *other, gsize other_length, gsize max, guint64 seed, GString *output)
{
    CpMutation mutation = { .state = seed, .other = other, .other_length = other_length };

    if (!cp_mutate_sequence(&mutation, input, length, max, output))
        mutate(NULL, &mutation, cp_mutation_graft, input, length, max, output);
}
