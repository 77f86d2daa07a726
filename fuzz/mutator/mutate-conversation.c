/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to conversations. */
#include "mutator/mutation.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "input/vocabulary.h"

static char *
quoted(char *value)
{
    g_autofree char *unquoted = value;

    return *value == '"' ? g_steal_pointer(&unquoted) : g_strdup_printf("\"%s\"", value);
}

/* Returns a name that libvirt looks for, or one from elsewhere in the conversation. */
static char *
any_name(CpMutation *mutation)
{
    static const CpKind kinds[] = { CP_KIND_CPU_FEATURE, CP_KIND_CPU_MODEL, CP_KIND_ARCH, CP_KIND_MACHINE };
    const CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (one_in(mutation, 2) && node->text && *node->text == '"')
        return g_strdup(node->text);
    if (one_in(mutation, 2))
        return quoted(g_strdup(cp_vocabulary_qmp.words[below(mutation, cp_vocabulary_qmp.length)]));
    return quoted(one_in(mutation, 8) ? cp_mutation_string(mutation)
                                      : cp_mutation_valid(mutation, ANY(mutation, kinds)));
}

static char *
any_json(CpMutation *mutation, const char *old)
{
    static const char *const values[] = { "null", "true",  "false", "0",    "-1",       "1.5",    "1e999",
                                          "\"\"", "\"x\"", "[]",    "[[]]", "[{}, {}]", "[null]", "{}" };

    if (one_in(mutation, 4))
        return g_strdup(ANY(mutation, values));
    switch (*old) {
    case '"':
        return any_name(mutation);
    case 't':
        return g_strdup("false");
    case 'f':
        return g_strdup("true");
    default:
        return one_in(mutation, 2) ? cp_mutation_number(mutation) : cp_mutation_valid(mutation, CP_KIND_NUMBER);
    }
}

static void
change_json(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (!node->parent || g_str_equal(node->name, CP_CONVERSATION_COMMAND))
        return;
    while (node->children->len > 0 && !one_in(mutation, 16))
        node = g_ptr_array_index(node->children, below(mutation, node->children->len));
    char *text = any_json(mutation, node->text);
    while (node->children->len > 0)
        cp_tree_free(cp_tree_take(g_ptr_array_index(node->children, 0)));
    g_free(node->text);
    node->text = text;
}

static void
rename_member(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    const CpNode *other = cp_mutation_node(mutation, mutation->root);

    if (*node->name == '"' && *other->name == '"') {
        char *name = g_strdup(other->name);

        g_free(node->name);
        node->name = name;
    }
}

/* Adds to a list a copy of one of its entries, with other names. */
static void
extend_list(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (!node->parent || g_strcmp0(node->parent->text, "[") != 0)
        return;
    CpNode *copy = cp_tree_copy(node);
    cp_tree_insert(node->parent, below(mutation, node->parent->children->len + 1), copy);
    for (guint i = 0; i < copy->children->len; i++) {
        CpNode *member = g_ptr_array_index(copy->children, i);

        if (member->text[0] == '"' && one_in(mutation, 2)) {
            char *name = any_name(mutation);

            g_free(member->text);
            member->text = name;
        }
    }
}

/* Inserts a line before the answer to a command, or replaces the answer by it. */
static void
change_answer(CpMutation *mutation)
{
    static const char *const lines[] = {
        "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no\"}}",
        "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}",
        "{\"error\": {\"class\": \"DeviceNotFound\"}}",
        "{\"return\": {}}",
        "{\"return\": []}",
        "{\"return\": [{}]}",
        "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}",
        "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true}, \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}",
        "{\"QMP\": {}}",
        "{}",
    };
    CpNode *command = mutation->root;
    CpNode *line = cp_tree_new(CP_CONVERSATION_LINE);

    if (command->children->len > 0)
        command = g_ptr_array_index(command->children, below(mutation, command->children->len));
    line->text = g_strdup(ANY(mutation, lines));
    while (!one_in(mutation, 4) && command->children->len > 0)
        cp_tree_free(cp_tree_take(g_ptr_array_index(command->children, 0)));
    cp_tree_insert(command, 0, line);
}

/* Removes or repeats a command, or removes its arguments, so that it stands for the command with any. */
static void
change_command(CpMutation *mutation)
{
    CpNode *root = mutation->root;

    if (root->children->len == 0)
        return;
    CpNode *command = g_ptr_array_index(root->children, below(mutation, root->children->len));
    switch (below(mutation, 3)) {
    case 0:
        cp_tree_free(cp_tree_take(command));
        break;
    case 1:
        cp_tree_insert(root, below(mutation, root->children->len + 1), cp_tree_copy(command));
        break;
    default: {
        char *arguments = strstr(command->text, ",\"arguments\"");

        if (arguments) {
            arguments[0] = '}';
            arguments[1] = '\0';
        }
    }
    }
}

/* Useful operations are listed more than once, so that they are chosen more often. */
static void (*const operations[])(CpMutation *) = {
    change_json,       change_json,      change_json,      change_json,   change_json,      change_json,
    extend_list,       extend_list,      extend_list,      change_answer, change_command,   cp_mutation_graft,
    cp_mutation_graft, cp_mutation_drop, cp_mutation_drop, rename_member, cp_mutation_move, cp_mutation_repeat,
};

void
cp_mutate_conversation(CpMutation *mutation)
{
    ANY(mutation, operations)(mutation);
}
