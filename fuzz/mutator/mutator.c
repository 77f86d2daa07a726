/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mutator/mutator.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "mutator/mutation.h"

/* At most so many changes in one mutation. */
#define CHANGES_MAX 4

struct CpMutator {
    char *input; /* the last one, NULL where there was none */
    size_t length;
    CpNode *root; /* what it reads as; NULL where it does not */
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

/* Drops parts of the root at random until what is left can be written in @max bytes, if it can. */
static void
shorten(CpMutation *mutation, size_t length, size_t max)
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
finish(CpMutation *mutation, const char *input, size_t length, size_t max, GString *output)
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

static CpNode *
read_input(CpMutator *mutator, const char *input, size_t length)
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
mutate(CpMutator *mutator,
       const char *input,
       size_t length,
       const char *other,
       size_t other_length,
       size_t max,
       uint64_t seed,
       gboolean crossing,
       GString *output)
{
    g_autoptr(CpNode) root = read_input(mutator, input, length);
    CpMutation mutation = { .state = seed, .other = other, .other_length = other_length };
    guint changes = 1 + below(&mutation, CHANGES_MAX);

    /* Parsers have been seen to fail soon enough. */
    if (!root && !one_in(&mutation, 32)) {
        root = other ? cp_tree_parse(other, other_length) : NULL;
        if (!root)
            root = cp_mutate_new_document(&mutation);
    }
    mutation.root = root;
    while (root && changes-- > 0) {
        if (crossing)
            cp_mutation_graft(&mutation);
        else if (cp_conversation_tree_is(root))
            cp_mutate_conversation(&mutation);
        else
            cp_mutate_document(&mutation);
    }
    finish(&mutation, input, length, max, output);
}

CpMutator *
cp_mutator_new(void)
{
    return g_new0(CpMutator, 1);
}

void
cp_mutator_free(CpMutator *mutator)
{
    g_free(mutator->input);
    cp_tree_free(mutator->root);
    g_free(mutator);
}

void
cp_mutator_mutate(CpMutator *mutator,
                  const char *input,
                  size_t length,
                  const char *other,
                  size_t other_length,
                  size_t max,
                  uint64_t seed,
                  GString *output)
{
    mutate(mutator, input, length, other, other_length, max, seed, FALSE, output);
}

void
cp_mutator_cross(const char *input,
                 size_t length,
                 const char *other,
                 size_t other_length,
                 size_t max,
                 uint64_t seed,
                 GString *output)
{
    mutate(NULL, input, length, other, other_length, max, seed, TRUE, output);
}
