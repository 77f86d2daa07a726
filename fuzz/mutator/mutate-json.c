/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to JSON values, in conversations and in firmware descriptors. */
#include "mutator/mutation.h"

#include "input/conversation-tree.h"

static char *
quoted(char *value)
{
    g_autofree char *unquoted = value;

    return *value == '"' ? g_steal_pointer(&unquoted) : g_strdup_printf("\"%s\"", value);
}

/* Returns a name that libvirt looks for, or one from elsewhere in the conversation. */
static char *
any_name(CpMutation *mutation, const CpVocabulary *vocabulary)
{
    static const CpKind kinds[] = { CP_KIND_CPU_FEATURE, CP_KIND_CPU_MODEL, CP_KIND_ARCH, CP_KIND_MACHINE };
    const CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (one_in(mutation, 2) && node->text && *node->text == '"')
        return g_strdup(node->text);
    if (one_in(mutation, 2))
        return quoted(g_strdup(vocabulary->words[below(mutation, vocabulary->length)]));
    return quoted(one_in(mutation, 8) ? cp_mutation_string(mutation)
                                      : cp_mutation_valid(mutation, ANY(mutation, kinds)));
}

static char *
any_json(CpMutation *mutation, const CpVocabulary *vocabulary, const char *old)
{
    static const char *const values[] = { "null", "true",  "false", "0",    "-1",       "1.5",    "1e999",
                                          "\"\"", "\"x\"", "[]",    "[[]]", "[{}, {}]", "[null]", "{}" };

    if (one_in(mutation, 4))
        return g_strdup(ANY(mutation, values));
    switch (*old) {
    case '"':
        return any_name(mutation, vocabulary);
    case 't':
        return g_strdup("false");
    case 'f':
        return g_strdup("true");
    default:
        return one_in(mutation, 2) ? cp_mutation_number(mutation) : cp_mutation_valid(mutation, CP_KIND_NUMBER);
    }
}

void
cp_mutation_change_json(CpMutation *mutation, const CpVocabulary *vocabulary)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (!node->parent || g_str_equal(node->name, CP_CONVERSATION_COMMAND))
        return;
    while (node->children->len > 0 && !one_in(mutation, 16))
        node = g_ptr_array_index(node->children, below(mutation, node->children->len));
    char *text = any_json(mutation, vocabulary, node->text);
    while (node->children->len > 0)
        cp_tree_free(cp_tree_take(g_ptr_array_index(node->children, 0)));
    g_free(node->text);
    node->text = text;
}

void
cp_mutation_rename_member(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    const CpNode *other = cp_mutation_node(mutation, mutation->root);

    if (*node->name == '"' && *other->name == '"') {
        char *name = g_strdup(other->name);

        g_free(node->name);
        node->name = name;
    }
}

void
cp_mutation_extend_list(CpMutation *mutation, const CpVocabulary *vocabulary)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (!node->parent || g_strcmp0(node->parent->text, "[") != 0)
        return;
    CpNode *copy = cp_tree_copy(node);
    cp_tree_insert(node->parent, below(mutation, node->parent->children->len + 1), copy);
    for (guint i = 0; i < copy->children->len; i++) {
        CpNode *member = g_ptr_array_index(copy->children, i);

        if (member->text[0] == '"' && one_in(mutation, 2)) {
            char *name = any_name(mutation, vocabulary);

            g_free(member->text);
            member->text = name;
        }
    }
}
