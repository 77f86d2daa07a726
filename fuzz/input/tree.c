/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on a tree of elements. */
#include "input/tree.h"

#include <string.h>

static void
free_attribute(gpointer data)
{
    CpAttribute *attribute = data;

    g_free(attribute->name);
    g_free(attribute->value);
    g_free(attribute);
}

CpNode *
cp_tree_new_take(char *name)
{
    CpNode *node = g_new0(CpNode, 1);

    node->name = name;
    node->attributes = g_ptr_array_new_with_free_func(free_attribute);
    node->children = g_ptr_array_new();
    return node;
}

CpNode *
cp_tree_new(const char *name)
{
    return cp_tree_new_take(g_strdup(name));
}

void
cp_tree_free(CpNode *node)
{
    if (!node)
        return;
    for (guint i = 0; i < node->children->len; i++)
        cp_tree_free(g_ptr_array_index(node->children, i));
    cp_tree_free(node->options);
    g_ptr_array_unref(node->children);
    g_ptr_array_unref(node->attributes);
    g_free(node->name);
    g_free(node->text);
    g_free(node);
}

CpNode *
cp_tree_copy(const CpNode *node)
{
    CpNode *copy = cp_tree_new(node->name);

    copy->text = g_strdup(node->text);
    for (guint i = 0; i < node->attributes->len; i++) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, i);

        cp_tree_add_attribute_take(copy, g_strdup(attribute->name), g_strdup(attribute->value));
    }
    for (guint i = 0; i < node->children->len; i++)
        cp_tree_insert(copy, i, cp_tree_copy(g_ptr_array_index(node->children, i)));
    copy->options = node->options ? cp_tree_copy(node->options) : NULL;
    return copy;
}

CpNode *
cp_tree_options(CpNode *root)
{
    if (!root->options)
        root->options = cp_tree_new("?capprobe");
    return root->options;
}

void
cp_tree_insert(CpNode *parent, guint position, CpNode *child)
{
    g_ptr_array_insert(parent->children, MIN(position, parent->children->len), child);
    child->parent = parent;
}

CpNode *
cp_tree_take(CpNode *node)
{
    g_ptr_array_remove(node->parent->children, node);
    node->parent = NULL;
    return node;
}

static CpAttribute *
find_attribute(const CpNode *node, const char *name)
{
    for (guint i = 0; i < node->attributes->len; i++) {
        CpAttribute *attribute = g_ptr_array_index(node->attributes, i);

        if (g_str_equal(attribute->name, name))
            return attribute;
    }
    return NULL;
}

const char *
cp_tree_get(const CpNode *node, const char *name)
{
    const CpAttribute *attribute = find_attribute(node, name);

    return attribute ? attribute->value : NULL;
}

void
cp_tree_add_attribute_take(CpNode *node, char *name, char *value)
{
    CpAttribute *attribute = g_new0(CpAttribute, 1);

    attribute->name = name;
    attribute->value = value;
    g_ptr_array_add(node->attributes, attribute);
}

void
cp_tree_set(CpNode *node, const char *name, const char *value)
{
    CpAttribute *attribute = find_attribute(node, name);

    if (!value) {
        if (attribute)
            g_ptr_array_remove(node->attributes, attribute);
    } else if (attribute) {
        /* `value` may point into the old value, so that is freed last. */
        char *old = attribute->value;

        attribute->value = g_strdup(value);
        g_free(old);
    } else {
        cp_tree_add_attribute_take(node, g_strdup(name), g_strdup(value));
    }
}

static void
append_all(CpNode *node, GPtrArray *nodes)
{
    g_ptr_array_add(nodes, node);
    for (guint i = 0; i < node->children->len; i++)
        append_all(g_ptr_array_index(node->children, i), nodes);
}

GPtrArray *
cp_tree_list(CpNode *node)
{
    GPtrArray *nodes = g_ptr_array_new();

    append_all(node, nodes);
    return nodes;
}
