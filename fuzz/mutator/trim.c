/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mutator/mutator.h"
#include "input/tree.h"

/* More candidates than this cost more than they save. */
#define STEPS_MAX 512

struct CpTrim {
    CpNode *root;
    size_t limit; /* no candidate may be longer than the input was */
    guint run;    /* how many elements in a row are left out; 0: single attributes */
    guint next;   /* the first of them, in the order of the document */
    guint steps;
    guint step;
};

/* Elements of which runs are taken: all but the root. */
static guint
elements(const CpTrim *trim)
{
    g_autoptr(GPtrArray) nodes = cp_tree_list(trim->root);

    return nodes->len - 1;
}

/* All that may have attributes. A options instruction without any is not written, so that it goes like this, too. */
static GPtrArray *
attributed(CpNode *root)
{
    GPtrArray *nodes = cp_tree_list(root);

    if (root->options)
        g_ptr_array_add(nodes, root->options);
    return nodes;
}

static guint
attributes(const CpTrim *trim)
{
    g_autoptr(GPtrArray) nodes = attributed(trim->root);
    guint n = 0;
    guint i;

    for (i = 0; i < nodes->len; i++)
        n += ((CpNode *)g_ptr_array_index(nodes, i))->attributes->len;
    return n;
}

/* Takes @n siblings out of @root, from the @first element in the order of the document on. */
static void
take_elements(CpNode *root, guint first, guint n)
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
take_attribute(CpNode *root, guint which)
{
    g_autoptr(GPtrArray) nodes = attributed(root);
    guint i;

    for (i = 0; i < nodes->len; i++) {
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
        take_elements(root, trim->next, trim->run);
    else
        take_attribute(root, trim->next);
}

CpTrim *
cp_trim_new(const char *input, size_t length)
{
    CpTrim *trim = g_new0(CpTrim, 1);

    if ((trim->root = cp_tree_parse(input, length))) {
        trim->limit = length;
        trim->run = MAX(1, elements(trim) / 2);
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

/* Whether there is anything left to take out; moves on to shorter runs, and from these to attributes. */
static gboolean
advance(CpTrim *trim)
{
    while (trim->next >= (trim->run > 0 ? elements(trim) : attributes(trim))) {
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
    cp_tree_free(trim->root);
    g_free(trim);
}
