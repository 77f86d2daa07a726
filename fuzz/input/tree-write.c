/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a tree as a document. */
#include "input/tree.h"

#include <string.h>

#include "input/conversation-tree.h"

/* The same as g_string_append(), but faster: the pieces are so short that the cost of that call would dominate. */
static inline void
append(GString *text, const char *piece)
{
    gsize start = text->len;
    gsize length = strlen(piece);

    if (start + length < text->allocated_len)
        text->len += length;
    else
        g_string_set_size(text, start + length);
    memcpy(text->str + start, piece, length + 1);
}

/* Writes a start tag without its end. */
static void
write_start(const CpNode *node, GString *text)
{
    append(text, "<");
    append(text, node->name);
    for (guint i = 0; i < node->attributes->len; i++) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, i);
        gboolean has_single_quote = strchr(attribute->value, '\'') != NULL;

        append(text, " ");
        append(text, attribute->name);
        append(text, has_single_quote ? "=\"" : "='");
        append(text, attribute->value);
        append(text, has_single_quote ? "\"" : "'");
    }
}

static void
write_element(const CpNode *node, GString *text)
{
    write_start(node, text);
    if (node->children->len == 0 && !node->text) {
        append(text, "/>\n");
        return;
    }
    append(text, ">");
    if (node->text)
        append(text, node->text);
    if (node->children->len > 0)
        append(text, "\n");
    for (guint i = 0; i < node->children->len; i++)
        write_element(g_ptr_array_index(node->children, i), text);
    append(text, "</");
    append(text, node->name);
    append(text, ">\n");
}

void
cp_tree_write(const CpNode *root, GString *text)
{
    if (cp_conversation_tree_is(root)) {
        cp_conversation_tree_write(root, text);
        return;
    }
    if (root->options && root->options->attributes->len > 0) {
        write_start(root->options, text);
        append(text, "?>\n");
    }
    write_element(root, text);
}

void
cp_tree_write_part(const CpNode *part, GString *text)
{
    if (cp_conversation_tree_is(part->parent))
        cp_conversation_tree_write_part(part, text);
    else
        write_element(part, text);
}
