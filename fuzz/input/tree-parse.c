/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses a document into a tree. */
#include "input/tree.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "input/input-options.h"

/* Documents that are nested deeper are refused: for these the mutator changes bytes. */
#define DEPTH_MAX 64

/* What is left of the text to parse. */
typedef struct {
    const char *at;
    const char *end;
} Reader;

static gboolean
is_at(const Reader *reader, const char *text)
{
    gsize length = strlen(text);

    return (gsize)(reader->end - reader->at) >= length && memcmp(reader->at, text, length) == 0;
}

/* Skips everything up to the end of the next `text`. Returns FALSE if there is none. */
static gboolean
skip_past(Reader *reader, const char *text)
{
    const char *found = memmem(reader->at, reader->end - reader->at, text, strlen(text));

    if (!found)
        return FALSE;
    reader->at = found + strlen(text);
    return TRUE;
}

/* A form feed is not whitespace in XML. */
static void
skip_whitespace(Reader *reader)
{
    while (reader->at < reader->end && g_ascii_isspace(*reader->at) && *reader->at != '\f')
        reader->at++;
}

static gboolean
can_start_name(char byte)
{
    return g_ascii_isalpha(byte) || byte == '_' || byte == ':';
}

static gboolean
can_continue_name(char byte)
{
    return can_start_name(byte) || g_ascii_isdigit(byte) || byte == '.' || byte == '-';
}

/* Returns NULL if there is no name. */
static char *
read_name(Reader *reader)
{
    const char *start = reader->at;

    if (start == reader->end || !can_start_name(*start))
        return NULL;
    while (reader->at < reader->end && can_continue_name(*reader->at))
        reader->at++;
    return g_strndup(start, reader->at - start);
}

/* Whether XML allows this character. */
static gboolean
is_xml_character(guint32 character)
{
    if (character < ' ')
        return character == '\t' || character == '\n' || character == '\r';
    return g_unichar_validate(character) && (character & ~1u) != 0xfffe;
}

/* Whether the text after an ampersand is a reference that is valid in every document. */
static gboolean
is_reference(Reader reader)
{
    static const char *const entities[] = { "amp;", "apos;", "gt;", "lt;", "quot;" };

    for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
        if (is_at(&reader, entities[i]))
            return TRUE;
    }
    if (!is_at(&reader, "#"))
        return FALSE;
    reader.at++;

    guint base = 10;
    guint32 character = 0;

    if (is_at(&reader, "x")) {
        reader.at++;
        base = 16;
    }
    for (; reader.at < reader.end && character <= 0x10ffff; reader.at++) {
        int digit = g_ascii_xdigit_value(*reader.at);

        if (digit < 0 || digit >= (int)base)
            break;
        character = base * character + digit;
    }
    return is_at(&reader, ";") && is_xml_character(character);
}

/* Whether libxml2 accepts this UTF-8 text between tags. The rules for attributes are nearly the same. */
static gboolean
is_text(const char *start, const char *end)
{
    Reader reader = { .at = start, .end = end };

    while (reader.at < end) {
        guchar byte = *reader.at;

        if (byte < 0x80 && !is_xml_character(byte))
            return FALSE;
        if (byte == '<' || (byte == ']' && is_at(&reader, "]]>")))
            return FALSE;
        reader.at++;
        if (byte == '&' && !is_reference(reader))
            return FALSE;
    }
    return TRUE;
}

/* Reads attributes up to the first text that is not one. Returns FALSE if an attribute is malformed or repeated. */
static gboolean
read_attributes(Reader *reader, CpNode *node)
{
    for (;;) {
        skip_whitespace(reader);
        g_autofree char *name = read_name(reader);
        if (!name)
            return TRUE;
        if (reader->end - reader->at < 2 || reader->at[0] != '=' || (reader->at[1] != '\'' && reader->at[1] != '"'))
            return FALSE;

        const char quote[] = { reader->at[1], '\0' };
        const char *start = reader->at += 2;

        if (!skip_past(reader, quote) || !is_text(start, reader->at - 1) || cp_tree_get(node, name))
            return FALSE;
        cp_tree_add_attribute_take(node, g_steal_pointer(&name), g_strndup(start, reader->at - 1 - start));
    }
}

/* Skips whitespace, comments and processing instructions. Returns FALSE if one has no end, or at other markup such as
 * CDATA and DOCTYPE. */
static gboolean
skip_ignored(Reader *reader)
{
    for (;;) {
        skip_whitespace(reader);
        if (is_at(reader, "<!--")) {
            if (!skip_past(reader, "-->"))
                return FALSE;
        } else if (is_at(reader, "<?")) {
            if (!skip_past(reader, "?>"))
                return FALSE;
        } else {
            return !is_at(reader, "<!");
        }
    }
}

static CpNode *read_element(Reader *reader, guint depth);

/* Reads what is between the tags of `node`, and its end tag. Returns FALSE if it is malformed. */
static gboolean
read_content(Reader *reader, CpNode *node, guint depth)
{
    g_autoptr(GString) text = NULL;

    while (skip_ignored(reader)) {
        const char *start = reader->at;

        while (reader->at < reader->end && *reader->at != '<')
            reader->at++;
        if (!is_text(start, reader->at))
            return FALSE;
        if (reader->at > start) {
            text = text ? text : g_string_new(NULL);
            g_string_append_len(text, start, reader->at - start);
        }
        if (is_at(reader, "<!--") || is_at(reader, "<?"))
            continue;
        if (is_at(reader, "</")) {
            reader->at += 2;
            if (!is_at(reader, node->name))
                return FALSE;
            reader->at += strlen(node->name);
            skip_whitespace(reader);
            if (text)
                node->text = g_strchomp(g_string_free(g_steal_pointer(&text), FALSE));
            if (!is_at(reader, ">"))
                return FALSE;
            reader->at++;
            return TRUE;
        }

        CpNode *child = read_element(reader, depth + 1);

        if (!child)
            return FALSE;
        cp_tree_insert(node, node->children->len, child);
    }
    return FALSE;
}

/* Returns NULL if the text does not begin with a well-formed element. */
static CpNode *
read_element(Reader *reader, guint depth)
{
    if (depth > DEPTH_MAX || !is_at(reader, "<"))
        return NULL;
    reader->at++;

    char *name = read_name(reader);

    if (!name)
        return NULL;

    g_autoptr(CpNode) node = cp_tree_new_take(name);

    if (!read_attributes(reader, node))
        return NULL;
    if (is_at(reader, "/>")) {
        reader->at += 2;
        return g_steal_pointer(&node);
    }
    if (!is_at(reader, ">"))
        return NULL;
    reader->at++;
    return read_content(reader, node, depth) ? g_steal_pointer(&node) : NULL;
}

static gboolean
read_options(const CpInputOptions *options, CpNode *root)
{
    Reader reader = { .at = options->words, .end = options->words + options->words_length };

    return options->words_length == 0 || (read_attributes(&reader, cp_tree_options(root)) && reader.at == reader.end);
}

CpNode *
cp_tree_parse(const char *data, gsize length)
{
    if (length > 0 && *data == '{')
        return cp_conversation_tree_parse(data, length);
    if (length == 0 || !g_utf8_validate(data, length, NULL))
        return NULL;

    CpInputOptions options = cp_input_options_read((const guint8 *)data, length);
    Reader reader = { .at = options.document, .end = options.document + options.length };

    if (!skip_ignored(&reader))
        return NULL;

    g_autoptr(CpNode) root = read_element(&reader, 0);

    if (!root || !read_options(&options, root) || !skip_ignored(&reader) || reader.at < reader.end)
        return NULL;
    return g_steal_pointer(&root);
}
