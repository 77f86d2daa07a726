/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes to conversations. */
#include "mutator/mutation.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "input/vocabulary.h"

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

static void
change_json(CpMutation *mutation)
{
    cp_mutation_change_json(mutation, &cp_vocabulary_qmp);
}

static void
extend_list(CpMutation *mutation)
{
    cp_mutation_extend_list(mutation, &cp_vocabulary_qmp);
}

/* Useful operations are listed more than once, so that they are chosen more often. */
static void (*const operations[])(CpMutation *) = {
    change_json,       change_json,        change_json,      change_json,
    change_json,       change_json,        extend_list,      extend_list,
    extend_list,       change_answer,      change_command,   cp_mutation_graft,
    cp_mutation_graft, cp_mutation_drop,   cp_mutation_drop, cp_mutation_rename_member,
    cp_mutation_move,  cp_mutation_repeat,
};

void
cp_mutate_conversation(CpMutation *mutation)
{
    ANY(mutation, operations)(mutation);
}
