/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mutator.h"

#include "conversation-tree.h"
#include "mutation.h"

/* At most so many changes in one mutation. */
#define CHANGES_MAX 4

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

static void
finish(CpMutation *mutation, const char *input, size_t length, size_t max, GString *output)
{
    if (mutation->root)
        cp_tree_write(mutation->root, output);
    else
        g_string_append_len(output, input, length);
    while (mutation->root && output->len > max && mutation->root->children->len > 0) {
        cp_tree_free(
            cp_tree_take(g_ptr_array_index(mutation->root->children, below(mutation, mutation->root->children->len))));
        g_string_truncate(output, 0);
        cp_tree_write(mutation->root, output);
    }
    if (!mutation->root || one_in(mutation, 256))
        change_bytes(mutation, output);
    if (output->len > max)
        g_string_truncate(output, max);
}

static void
mutate(const char *input,
       size_t length,
       const char *other,
       size_t other_length,
       size_t max,
       uint64_t seed,
       gboolean crossing,
       GString *output)
{
    g_autoptr(CpNode) root = cp_tree_parse(input, length);
    CpMutation mutation = { .state = seed, .other = other, .other_length = other_length };
    guint changes = 1 + below(&mutation, CHANGES_MAX);

    /* Parsers have been seen to fail soon enough. */
    if (!root && !one_in(&mutation, 16)) {
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

void
cp_mutator_mutate(const char *input,
                  size_t length,
                  const char *other,
                  size_t other_length,
                  size_t max,
                  uint64_t seed,
                  GString *output)
{
    mutate(input, length, other, other_length, max, seed, FALSE, output);
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
    mutate(input, length, other, other_length, max, seed, TRUE, output);
}
