/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to cache documents. */
#include "mutator/mutation.h"

#include <string.h>

static const CpSchemaElement *
row_of(const CpNode *node)
{
    return cp_schema_find(node->name, node->parent ? node->parent->name : NULL);
}

/* Returns a new element with most of its attributes and children. At most one attribute is doubtful, because the loader
 * stops at the first value that it rejects. The caller owns it. */
static CpNode *
new_element(CpMutation *mutation, const CpSchemaElement *row)
{
    CpNode *node = cp_tree_new(row->name);
    guint doubtful = one_in(mutation, 4) ? below(mutation, cp_schema_width(row)) : G_MAXUINT;

    for (const CpSchemaAttribute *attribute = row->attributes; attribute->name; attribute++) {
        if (!one_in(mutation, 8)) {
            g_autofree char *value = attribute - row->attributes == doubtful
                                         ? cp_mutation_doubtful(mutation, attribute->kind)
                                         : cp_mutation_valid(mutation, attribute->kind);

            cp_tree_set(node, attribute->name, value);
        }
    }
    if (row->text != CP_KIND_NONE)
        node->text = cp_mutation_valid(mutation, row->text);
    for (gsize i = 0; i < cp_schema_length; i++) {
        if (g_strcmp0(cp_schema[i].parent, row->name) == 0 && !one_in(mutation, 4))
            cp_tree_insert(node, node->children->len, new_element(mutation, &cp_schema[i]));
    }
    return node;
}

static void
add_flag(CpMutation *mutation, const char *name)
{
    CpNode *flag = cp_tree_new("flag");

    cp_tree_set(flag, "name", name);
    cp_tree_insert(mutation->root, below(mutation, mutation->root->children->len + 1), flag);
}

static void
add_element(CpMutation *mutation)
{
    const CpSchemaElement *row = &cp_schema[1 + below(mutation, cp_schema_length - 1)];
    g_autoptr(GPtrArray) nodes = cp_tree_list(mutation->root);
    g_autoptr(GPtrArray) parents = g_ptr_array_new();

    for (guint i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);

        if (g_str_equal(node->name, row->parent))
            g_ptr_array_add(parents, node);
    }
    CpNode *parent = parents->len > 0 ? g_ptr_array_index(parents, below(mutation, parents->len)) : mutation->root;
    cp_tree_insert(parent, below(mutation, parent->children->len + 1), new_element(mutation, row));
    if (row->flag)
        add_flag(mutation, row->flag);
}

static void
rename_element(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    g_free(node->name);
    node->name = g_strdup(cp_schema[below(mutation, cp_schema_length)].name);
}

static void
change_value(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    const CpSchemaElement *row = row_of(node);

    if (node->attributes->len > 0) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, below(mutation, node->attributes->len));
        g_autofree char *value = cp_mutation_value(mutation, cp_schema_kind(row, attribute->name));

        cp_tree_set(node, attribute->name, value);
    } else {
        char *text = cp_mutation_value(mutation, row ? row->text : CP_KIND_STRING);

        g_free(node->text);
        node->text = text;
    }
}

static void
add_or_drop_attribute(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    const CpSchemaElement *row = row_of(node);

    if (!row || cp_schema_width(row) == 0)
        return;
    const CpSchemaAttribute *attribute = &row->attributes[below(mutation, cp_schema_width(row))];
    if (cp_tree_get(node, attribute->name)) {
        cp_tree_set(node, attribute->name, NULL);
    } else {
        g_autofree char *value = cp_mutation_value(mutation, attribute->kind);

        cp_tree_set(node, attribute->name, value);
    }
}

/* Returns the name of a machine in the document, or any name if there is none. The caller owns it. */
static char *
any_machine(CpMutation *mutation)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < mutation->root->children->len; i++) {
        const CpNode *node = g_ptr_array_index(mutation->root->children, i);
        const char *alias = cp_tree_get(node, "alias");
        const char *name = cp_tree_get(node, "name");

        if (!g_str_equal(node->name, "machine"))
            continue;
        if (name)
            g_ptr_array_add(names, (char *)name);
        if (alias)
            g_ptr_array_add(names, (char *)alias);
    }
    return names->len > 0 ? g_strdup(g_ptr_array_index(names, below(mutation, names->len)))
                          : cp_mutation_value(mutation, CP_KIND_MACHINE);
}

/* Changes or removes an option in the options instruction. */
static void
change_options(CpMutation *mutation)
{
    const CpSchemaAttribute *attribute =
        &cp_schema_options.attributes[below(mutation, cp_schema_width(&cp_schema_options))];
    g_autofree char *value = NULL;

    if (!one_in(mutation, 3))
        value = attribute->kind == CP_KIND_MACHINE && !one_in(mutation, 4)
                    ? any_machine(mutation)
                    : cp_mutation_value(mutation, attribute->kind);
    /* Leave out values that would end the attribute or the instruction. */
    if (!value || (!strchr(value, '\'') && !strstr(value, "?>")))
        cp_tree_set(cp_tree_options(mutation->root), attribute->name, value);
}

/* Gives a property of the host's CPU another type and a value of that type. */
static void
retype_property(CpMutation *mutation)
{
    static const char *const numbers_of[] = { "family", "model", "stepping" };
    g_autoptr(GPtrArray) nodes = cp_tree_list(mutation->root);
    g_autoptr(GPtrArray) properties = g_ptr_array_new();

    for (guint i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);
        if (g_str_equal(node->name, "property") && node->parent && g_str_equal(node->parent->name, "hostCPU"))
            g_ptr_array_add(properties, node);
    }
    if (properties->len == 0)
        return;
    CpNode *node = g_ptr_array_index(properties, below(mutation, properties->len));
    g_autofree char *value = NULL;
    switch (below(mutation, 4)) {
    case 0:
        value = cp_mutation_string(mutation);
        cp_tree_set(node, "type", "string");
        if (one_in(mutation, 2))
            cp_tree_set(node, "name", "vendor");
        break;
    case 1:
        value = cp_mutation_number(mutation);
        cp_tree_set(node, "type", "number");
        if (one_in(mutation, 2))
            cp_tree_set(node, "name", ANY(mutation, numbers_of));
        break;
    default:
        value = cp_mutation_valid(mutation, CP_KIND_TRUE_FALSE);
        cp_tree_set(node, "type", "boolean");
    }
    g_autofree char *migratable = one_in(mutation, 3) ? NULL : cp_mutation_valid(mutation, CP_KIND_YES_NO);
    cp_tree_set(node, "value", value);
    cp_tree_set(node, "migratable", migratable);
}

/* Sets a flag or an architecture without which the loader skips other parts of the document. */
static void
set_precondition(CpMutation *mutation)
{
    static const char *const flags[] = { "kvm", "tcg", "hvf", "sev-guest", "sgx-epc", "query-cpu-definitions" };
    static const char *const archs[] = { "x86_64", "s390x", "aarch64", "ppc64", "i686", "riscv64" };

    if (one_in(mutation, 2)) {
        add_flag(mutation, ANY(mutation, flags));
        return;
    }
    for (guint i = 0; i < mutation->root->children->len; i++) {
        CpNode *node = g_ptr_array_index(mutation->root->children, i);

        if (g_str_equal(node->name, "arch")) {
            g_free(node->text);
            node->text = g_strdup(ANY(mutation, archs));
        }
    }
}

/* Sets the stamps by which libvirt recognises a document that it wrote itself. */
static void
sign(CpMutation *mutation)
{
    for (guint i = 0; i < mutation->root->children->len; i++) {
        CpNode *node = g_ptr_array_index(mutation->root->children, i);
        const CpSchemaElement *row = row_of(node);

        if (row && (row->text == CP_KIND_SELF_CTIME || row->text == CP_KIND_SELF_VERSION)) {
            g_free(node->text);
            node->text = cp_mutation_valid(mutation, row->text);
        }
    }
}

/* Useful operations are listed more than once, so that they are chosen more often. */
static void (*const operations[])(CpMutation *) = {
    add_element,           add_element,           add_element,       add_element,
    change_value,          change_value,          change_value,      change_value,
    change_value,          cp_mutation_drop,      cp_mutation_drop,  cp_mutation_move,
    cp_mutation_repeat,    rename_element,        set_precondition,  sign,
    add_or_drop_attribute, add_or_drop_attribute, cp_mutation_graft, cp_mutation_graft,
    retype_property,       change_options,
};

void
cp_mutate_document(CpMutation *mutation)
{
    ANY(mutation, operations)(mutation);
}

CpNode *
cp_mutate_new_document(CpMutation *mutation)
{
    return new_element(mutation, cp_schema);
}
