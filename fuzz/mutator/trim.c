/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shortens a document, candidate by candidate. */
#include "mutator/mutator.h"
#include "input/tree.h"

/* With more candidates, trimming costs more time than the shorter input saves. */
#define STEPS_MAX 512

struct CpTrim {
    CpNode *root;
    gsize limit; /* no candidate may be longer than the input was */
    guint run;   /* how many siblings are removed at a time; 0: single attributes are removed */
    guint next;  /* the first one to remove, in document order */
    guint steps;
    guint step;
};

/* The root cannot be removed. */
static guint
count_elements(const CpTrim *trim)
{
    g_autoptr(GPtrArray) nodes = cp_tree_list(trim->root);

    return nodes->len - 1;
}

/* Returns all nodes that may have attributes. The options instruction is one of them: without attributes it is not
 * written, so this removes it, too. */
static GPtrArray *
list_with_attributes(CpNode *root)
{
    GPtrArray *nodes = cp_tree_list(root);

    if (root->options)
        g_ptr_array_add(nodes, root->options);
    return nodes;
}

static guint
count_attributes(const CpTrim *trim)
{
    g_autoptr(GPtrArray) nodes = list_with_attributes(trim->root);
    guint n = 0;

    for (guint i = 0; i < nodes->len; i++)
        n += ((CpNode *)g_ptr_array_index(nodes, i))->attributes->len;
    return n;
}

/* Removes the element number `first` in document order, and up to `n` - 1 siblings after it. */
static void
remove_elements(CpNode *root, guint first, guint n)
{
    g_autoptr(GPtrArray) nodes = cp_tree_list(root);
    CpNode *node = g_ptr_array_index(nodes, 1 + first);
    CpNode *parent = node->parent;
    guint position;

    if (!g_ptr_array_find(parent->children, node, &position))
        return;
    while (n-- > 0 && position < parent->children->len)
        cp_tree_free(cp_tree_take(g_ptr_array_index(parent->children, position)));
}

static void
remove_attribute(CpNode *root, guint which)
{
    g_autoptr(GPtrArray) nodes = list_with_attributes(root);

    for (guint i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);

        if (which < node->attributes->len) {
            g_ptr_array_remove_index(node->attributes, which);
            return;
        }
        which -= node->attributes->len;
    }
}

static void
reduce(const CpTrim *trim, CpNode *root)
{
    if (trim->run > 0)
        remove_elements(root, trim->next, trim->run);
    else
        remove_attribute(root, trim->next);
}

CpTrim *
cp_trim_new(const char *input, gsize length)
{
    CpTrim *trim = g_new0(CpTrim, 1);

    if ((trim->root = cp_tree_parse(input, length))) {
        trim->limit = length;
        trim->run = MAX(1, count_elements(trim) / 2);
        trim->steps = STEPS_MAX;
    }
    return trim;
}

void
cp_trim_unlimited(CpTrim *trim)
{
    trim->steps = G_MAXUINT;
}

guint
cp_trim_steps(const CpTrim *trim)
{
    return trim->steps;
}

/* Returns whether there is another candidate; continues with shorter runs, and then with attributes, if necessary. */
static gboolean
advance(CpTrim *trim)
{
    while (trim->next >= (trim->run > 0 ? count_elements(trim) : count_attributes(trim))) {
        if (trim->run == 0)
            return FALSE;
        trim->run /= 2;
        trim->next = 0;
    }
    return trim->step++ < trim->steps;
}

gboolean
cp_trim_next(CpTrim *trim, GString *candidate)
{
    while (trim->root && advance(trim)) {
        g_autoptr(CpNode) copy = cp_tree_copy(trim->root);

        reduce(trim, copy);
        g_string_truncate(candidate, 0);
        cp_tree_write(copy, candidate);
        if (candidate->len <= trim->limit)
            return TRUE;
        cp_trim_judge(trim, FALSE);
    }
    return FALSE;
}

void
cp_trim_judge(CpTrim *trim, gboolean kept)
{
    if (kept)
        reduce(trim, trim->root);
    else
        trim->next += MAX(1, trim->run);
}

void
cp_trim_write(const CpTrim *trim, GString *output)
{
    cp_tree_write(trim->root, output);
}

void
cp_trim_free(CpTrim *trim)
{
    if (!trim)
        return;
    cp_tree_free(trim->root);
    g_free(trim);
}
