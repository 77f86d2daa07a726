/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to folders with firmware descriptors. */
#include "mutator/mutation.h"

#include <string.h>

#include "input/descriptors.h"

/* Returns a random line that begins a descriptor, or NULL if the one that was chosen does not. */
static CpNode *
any_start(CpMutation *mutation)
{
    CpNode *root = mutation->root;
    CpNode *line =
        root->children->len > 0 ? g_ptr_array_index(root->children, below(mutation, root->children->len)) : NULL;

    return line && cp_descriptors_is_start(line) ? line : NULL;
}

/* Returns the line that begins an ordinary file, or one of another kind. The caller owns it. */
static CpNode *
new_start(CpMutation *mutation)
{
    static const char *const folders[] = { "usr", "usr", "usr", "etc", "etc", "home" };
    static const char *const names[] = { "10-a.json", "60-x86_64.json", "60-x86_64.json", "70-b.json", ".hidden", "c" };
    static const char *const kinds[] = { "dangling", "unreadable", "folder" };
    g_autofree char *text =
        g_strdup_printf("{\"descriptor\":\"%s/%s\"}\n", ANY(mutation, folders), ANY(mutation, names));
    g_autoptr(CpNode) root = cp_tree_parse(text, strlen(text));
    CpNode *line = cp_tree_take(g_ptr_array_index(root->children, 0));

    if (one_in(mutation, 4)) {
        CpNode *kind = cp_tree_new("\"is\"");

        kind->text = g_strdup_printf("\"%s\"", ANY(mutation, kinds));
        cp_tree_insert(line, 1, kind);
    }
    return line;
}

/* Gives a descriptor another name or makes it something else. */
static void
change_start(CpMutation *mutation)
{
    CpNode *line = any_start(mutation);

    if (!line)
        return;
    guint position = 0;
    while (g_ptr_array_index(mutation->root->children, position) != line)
        position++;
    cp_tree_free(cp_tree_take(line));
    cp_tree_insert(mutation->root, position, new_start(mutation));
}

/* Adds a descriptor, most often a copy of another one, so that it is as good as that. */
static void
add_descriptor(CpMutation *mutation)
{
    CpNode *root = mutation->root;
    const CpNode *line = g_ptr_array_index(root->children, below(mutation, root->children->len));

    if (cp_descriptors_is_start(line))
        return;
    cp_tree_insert(root, root->children->len, new_start(mutation));
    if (!one_in(mutation, 8))
        cp_tree_insert(root, root->children->len, cp_tree_copy(line));
}

static void
change_json(CpMutation *mutation)
{
    cp_mutation_change_json(mutation, &cp_vocabulary_firmware);
}

static void
extend_list(CpMutation *mutation)
{
    cp_mutation_extend_list(mutation, &cp_vocabulary_firmware);
}

/* Useful operations are listed more than once, so that they are chosen more often. */
static void (*const operations[])(CpMutation *) = {
    change_json,
    change_json,
    change_json,
    change_json,
    extend_list,
    extend_list,
    add_descriptor,
    add_descriptor,
    change_start,
    cp_mutation_graft,
    cp_mutation_graft,
    cp_mutation_drop,
    cp_mutation_rename_member,
    cp_mutation_move,
    cp_mutation_repeat,
};

void
cp_mutate_descriptors(CpMutation *mutation)
{
    if (mutation->root->children->len > 0)
        ANY(mutation, operations)(mutation);
}
