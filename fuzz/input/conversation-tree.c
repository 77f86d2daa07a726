/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses a conversation into a tree, and writes it. */
#include "input/conversation-tree.h"

#include <string.h>

#include "input/conversation.h"

/* A line with a value that is nested deeper is kept as a node without children. */
#define DEPTH_MAX 64

/* What is left of the text to parse. */
typedef struct {
    const char *at;
    const char *end;
} Reader;

static void
skip_whitespace(Reader *reader)
{
    while (reader->at < reader->end && g_ascii_isspace(*reader->at))
        reader->at++;
}

/* Skips whitespace, and `c` if it comes next. Returns FALSE if it does not. */
static gboolean
take(Reader *reader, char c)
{
    skip_whitespace(reader);
    if (reader->at >= reader->end || *reader->at != c)
        return FALSE;
    reader->at++;
    return TRUE;
}

/* Reads a string with its quotes, or all characters up to one that ends a value. Returns NULL if there is neither. */
static char *
read_scalar(Reader *reader)
{
    skip_whitespace(reader);

    const char *start = reader->at;

    if (reader->at < reader->end && *reader->at == '"') {
        for (reader->at++; reader->at < reader->end && *reader->at != '"'; reader->at++) {
            if (*reader->at == '\\' && reader->at + 1 < reader->end)
                reader->at++;
        }
        if (reader->at >= reader->end)
            return NULL;
        reader->at++;
    } else {
        while (reader->at < reader->end && !strchr(" \t\r\n,:[]{}\"", *reader->at))
            reader->at++;
    }
    return reader->at > start ? g_strndup(start, reader->at - start) : NULL;
}

static CpNode *read_value(Reader *reader, const char *name, guint depth);

/* Reads the members of an object or the elements of a list, up to `close`. Returns FALSE if they are malformed. */
static gboolean
read_parts(Reader *reader, CpNode *node, char close, guint depth)
{
    if (take(reader, close))
        return TRUE;
    do {
        g_autofree char *key = close == '}' ? read_scalar(reader) : NULL;

        if (close == '}' && (!key || !take(reader, ':')))
            return FALSE;

        CpNode *part = read_value(reader, key ? key : node->name, depth + 1);

        if (!part)
            return FALSE;
        cp_tree_insert(node, node->children->len, part);
    } while (take(reader, ','));
    return take(reader, close);
}

/* Returns NULL if the text does not begin with a value. */
static CpNode *
read_value(Reader *reader, const char *name, guint depth)
{
    if (depth > DEPTH_MAX)
        return NULL;

    g_autoptr(CpNode) node = cp_tree_new(name);

    if (take(reader, '{') || take(reader, '[')) {
        node->text = g_strdup(reader->at[-1] == '{' ? "{" : "[");
        if (!read_parts(reader, node, *node->text == '{' ? '}' : ']', depth))
            return NULL;
    } else if (!(node->text = read_scalar(reader))) {
        return NULL;
    }
    return g_steal_pointer(&node);
}

static CpNode *
read_line(CpConversationText line)
{
    Reader reader = { line.text, line.text + line.length };
    CpNode *node = read_value(&reader, CP_CONVERSATION_LINE, 0);

    skip_whitespace(&reader);
    if (node && reader.at < reader.end)
        g_clear_pointer(&node, cp_tree_free);
    if (!node) {
        node = cp_tree_new(CP_CONVERSATION_LINE);
        node->text = g_strndup(line.text, line.length);
    }
    return node;
}

CpNode *
cp_conversation_tree_parse(const char *data, gsize length)
{
    CpConversationText rest = { data, length };
    CpNode *root = cp_tree_new(CP_CONVERSATION_ROOT);
    CpNode *parent = root;
    CpConversationText line;

    while (cp_conversation_take_line(&rest, &line)) {
        if (cp_conversation_is_command(line)) {
            parent = cp_tree_new(CP_CONVERSATION_COMMAND);
            parent->text = g_strndup(line.text, line.length);
            cp_tree_insert(root, root->children->len, parent);
        } else {
            cp_tree_insert(parent, parent->children->len, read_line(line));
        }
    }
    return root;
}

static void
write_value(const CpNode *node, GString *text)
{
    gboolean is_object = g_str_equal(node->text, "{");

    g_string_append(text, node->text);
    if (!is_object && !g_str_equal(node->text, "["))
        return;
    for (guint i = 0; i < node->children->len; i++) {
        const CpNode *part = g_ptr_array_index(node->children, i);

        if (i > 0)
            g_string_append_c(text, ',');
        if (is_object)
            g_string_append_printf(text, *part->name == '"' ? "%s:" : "\"%s\":", part->name);
        write_value(part, text);
    }
    g_string_append_c(text, is_object ? '}' : ']');
}

void
cp_conversation_tree_write_part(const CpNode *part, GString *text)
{
    write_value(part, text);
    g_string_append_c(text, '\n');
    if (g_str_equal(part->name, CP_CONVERSATION_COMMAND))
        cp_conversation_tree_write(part, text);
}

void
cp_conversation_tree_write(const CpNode *root, GString *text)
{
    for (guint i = 0; i < root->children->len; i++)
        cp_conversation_tree_write_part(g_ptr_array_index(root->children, i), text);
}
