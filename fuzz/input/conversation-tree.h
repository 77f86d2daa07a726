/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "input/tree.h"

/*
 * A conversation (conversation.h) as a tree: below the root there is a node for each command, below it what QEMU
 * answered, line by line, and below that JSON. Of a JSON node the text is the value as it is written, or "{" or "[",
 * and the name is its key with the quotes, or that of the list that it stands in, so that what fits a list can be found
 * in another conversation. A line that is no JSON is a node without children.
 */

/* No element can have this name. */
#define CP_CONVERSATION_ROOT "{conversation}"
#define CP_CONVERSATION_COMMAND "command"
#define CP_CONVERSATION_LINE "line"

/* Never NULL: any bytes are a conversation. */
CpNode *cp_conversation_tree_parse(const char *data, size_t length);

void cp_conversation_tree_write(const CpNode *root, GString *text);

/* A child of the root alone. */
void cp_conversation_tree_write_part(const CpNode *part, GString *text);

static inline gboolean
cp_conversation_tree_is(const CpNode *root)
{
    return g_str_equal(root->name, CP_CONVERSATION_ROOT);
}
