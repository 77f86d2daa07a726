/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/conversation-tree.h"

#include <string.h>

#include "input/conversation.h"

/* Deeper values are left as they are written. */
#define DEPTH_MAX 64

typedef struct {
    const char *at;
    const char *end;
} Reader;

static void
pass_blanks(Reader *reader)
{
    while (reader->at < reader->end && g_ascii_isspace(*reader->at))
        reader->at++;
}

static gboolean
pass(Reader *reader, char c)
{
    pass_blanks(reader);
    if (reader->at >= reader->end || *reader->at != c)
        return FALSE;
    reader->at++;
    return TRUE;
}

/* A string with its quotes, or a run of characters that end no value; NULL where there is neither. */
static char *
read_scalar(Reader *reader)
{
    const char *start;

    pass_blanks(reader);
    start = reader->at;
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

static CpNode *read_value(Reader *reader, const char *name, int depth);

static gboolean
read_parts(Reader *reader, CpNode *node, char close, int depth)
{
    if (pass(reader, close))
        return TRUE;
    do {
        g_autofree char *key = NULL;
        CpNode *part;

        if (close == '}' && (!(key = read_scalar(reader)) || !pass(reader, ':')))
            return FALSE;
        if (!(part = read_value(reader, key ? key : node->name, depth + 1)))
            return FALSE;
        cp_tree_insert(node, node->children->len, part);
    } while (pass(reader, ','));
    return pass(reader, close);
}

static CpNode *
read_value(Reader *reader, const char *name, int depth)
{
    g_autoptr(CpNode) node = cp_tree_new(name);

    if (depth > DEPTH_MAX)
        return NULL;
    if (pass(reader, '{') || pass(reader, '[')) {
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

    pass_blanks(&reader);
    if (node && reader.at < reader.end)
        g_clear_pointer(&node, cp_tree_free);
    if (!node) {
        node = cp_tree_new(CP_CONVERSATION_LINE);
        node->text = g_strndup(line.text, line.length);
    }
    return node;
}

CpNode *
cp_conversation_tree_parse(const char *data, size_t length)
{
    CpConversationText rest = { data, length };
    CpConversationText line;
    CpNode *root = cp_tree_new(CP_CONVERSATION_ROOT);
    CpNode *parent = root;

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
    gboolean object = g_str_equal(node->text, "{");
    guint i;

    g_string_append(text, node->text);
    if (!object && !g_str_equal(node->text, "["))
        return;
    for (i = 0; i < node->children->len; i++) {
        const CpNode *part = g_ptr_array_index(node->children, i);

        if (i > 0)
            g_string_append_c(text, ',');
        if (object)
            g_string_append_printf(text, *part->name == '"' ? "%s:" : "\"%s\":", part->name);
        write_value(part, text);
    }
    g_string_append_c(text, object ? '}' : ']');
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
    guint i;

    for (i = 0; i < root->children->len; i++)
        cp_conversation_tree_write_part(g_ptr_array_index(root->children, i), text);
}
