/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A conversation (conversation.h) as a tree, so that the mutator can change it like a document. */
#pragma once

#include "input/tree.h"

/*
 * The root has a child for each command. The children of a command are the lines of QEMU's answer, and the JSON
 * values in a line are nodes below it. The lines before the first command are children of the root.
 *
 * The text of a JSON node is the value as it is written, or "{" or "[" if it has parts. The name of a JSON node is
 * its key with the quotes. An element of a list has the name of the list, so that the mutator can move it to a list
 * of the same name in another conversation. A line that is not JSON is a node without children.
 */

/** The name of a root. An XML element cannot have this name. */
#define CP_CONVERSATION_ROOT "{conversation}"
/** The names of a command and of a line of an answer. */
#define CP_CONVERSATION_COMMAND "command"
#define CP_CONVERSATION_LINE "line"

/** Parses `length` bytes. Never returns NULL: any bytes are a conversation. The caller owns the tree. */
CpNode *cp_conversation_tree_parse(const char *data, gsize length);

/** Appends the conversation to `text`. */
void cp_conversation_tree_write(const CpNode *root, GString *text);

/** Appends to `text` what cp_conversation_tree_write() writes for `part`, a child of the root. */
void cp_conversation_tree_write_part(const CpNode *part, GString *text);

/** Returns whether a root is that of a conversation. */
static inline gboolean
cp_conversation_tree_is(const CpNode *root)
{
    return g_str_equal(root->name, CP_CONVERSATION_ROOT);
}
