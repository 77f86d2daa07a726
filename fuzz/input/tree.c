/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/tree.h"

#include <string.h>

#include "input/input-options.h"
#include "input/conversation-tree.h"

/* Deeper documents are left to byte mutations: no loader wants them. */
#define DEPTH_MAX 64

static void
attribute_free(void *data)
{
    CpAttribute *attribute = data;

    g_free(attribute->name);
    g_free(attribute->value);
    g_free(attribute);
}

static CpNode *
node_new(char *name)
{
    CpNode *node = g_new0(CpNode, 1);

    node->name = name;
    node->attributes = g_ptr_array_new_with_free_func(attribute_free);
    node->children = g_ptr_array_new();
    return node;
}

CpNode *
cp_tree_new(const char *name)
{
    return node_new(g_strdup(name));
}

void
cp_tree_free(CpNode *node)
{
    guint i;

    if (!node)
        return;
    for (i = 0; i < node->children->len; i++)
        cp_tree_free(g_ptr_array_index(node->children, i));
    cp_tree_free(node->control);
    g_ptr_array_unref(node->children);
    g_ptr_array_unref(node->attributes);
    g_free(node->name);
    g_free(node->text);
    g_free(node);
}

static void
add_attribute(CpNode *node, char *name, char *value)
{
    CpAttribute *attribute = g_new0(CpAttribute, 1);

    attribute->name = name;
    attribute->value = value;
    g_ptr_array_add(node->attributes, attribute);
}

CpNode *
cp_tree_copy(const CpNode *node)
{
    CpNode *copy = cp_tree_new(node->name);
    guint i;

    copy->text = g_strdup(node->text);
    for (i = 0; i < node->attributes->len; i++) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, i);

        add_attribute(copy, g_strdup(attribute->name), g_strdup(attribute->value));
    }
    for (i = 0; i < node->children->len; i++)
        cp_tree_insert(copy, i, cp_tree_copy(g_ptr_array_index(node->children, i)));
    copy->control = node->control ? cp_tree_copy(node->control) : NULL;
    return copy;
}

/* --- reading --- */

typedef struct {
    const char *at;
    const char *end;
} Reader;

static gboolean
looking_at(const Reader *reader, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(reader->end - reader->at) >= length && memcmp(reader->at, text, length) == 0;
}

/* Moves past the next @text; fails where there is none. */
static gboolean
pass(Reader *reader, const char *text)
{
    const char *found = memmem(reader->at, reader->end - reader->at, text, strlen(text));

    if (!found)
        return FALSE;
    reader->at = found + strlen(text);
    return TRUE;
}

static void
pass_blanks(Reader *reader)
{
    while (reader->at < reader->end && g_ascii_isspace(*reader->at) && *reader->at != '\f')
        reader->at++;
}

static gboolean
begins_name(char byte)
{
    return g_ascii_isalpha(byte) || byte == '_' || byte == ':';
}

static char *
read_name(Reader *reader)
{
    const char *start = reader->at;

    if (start < reader->end && begins_name(*start)) {
        do
            reader->at++;
        while (reader->at < reader->end &&
               (begins_name(*reader->at) || g_ascii_isdigit(*reader->at) || *reader->at == '.' || *reader->at == '-'));
    }
    return reader->at > start ? g_strndup(start, reader->at - start) : NULL;
}

static gboolean
is_character(guint32 character)
{
    if (character < ' ')
        return character == '\t' || character == '\n' || character == '\r';
    return g_unichar_validate(character) && (character & ~1u) != 0xfffe;
}

/* Whether what follows an ampersand makes a reference that every document may have. */
static gboolean
is_reference(Reader reader)
{
    static const char *const entities[] = { "amp;", "apos;", "gt;", "lt;", "quot;" };
    guint32 character = 0;
    int base = 10;
    gsize i;

    for (i = 0; i < G_N_ELEMENTS(entities); i++) {
        if (looking_at(&reader, entities[i]))
            return TRUE;
    }
    if (!looking_at(&reader, "#"))
        return FALSE;
    reader.at++;
    if (looking_at(&reader, "x")) {
        reader.at++;
        base = 16;
    }
    for (; reader.at < reader.end && character <= 0x10ffff; reader.at++) {
        int digit = g_ascii_xdigit_value(*reader.at);

        if (digit < 0 || digit >= base)
            break;
        character = base * character + digit;
    }
    return looking_at(&reader, ";") && is_character(character);
}

/* Whether libxml2 lets these bytes, which are UTF-8, stand between tags. What it lets stand in an attribute is nearly the
 * same. */
static gboolean
is_text(const char *start, const char *end)
{
    Reader reader = { .at = start, .end = end };

    while (reader.at < end) {
        guchar byte = *reader.at;

        if (byte < 0x80 && !is_character(byte))
            return FALSE;
        if (byte == '<' || (byte == ']' && looking_at(&reader, "]]>")))
            return FALSE;
        reader.at++;
        if (byte == '&' && !is_reference(reader))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_attributes(Reader *reader, CpNode *node)
{
    for (;;) {
        g_autofree char *name = NULL;
        const char *start;
        char quote[2] = "";

        pass_blanks(reader);
        if (!(name = read_name(reader)))
            return TRUE;
        if (reader->end - reader->at < 2 || reader->at[0] != '=' || !strchr("'\"", reader->at[1]))
            return FALSE;
        quote[0] = reader->at[1];
        start = reader->at += 2;
        if (!quote[0] || !pass(reader, quote) || !is_text(start, reader->at - 1) || cp_tree_get(node, name))
            return FALSE;
        add_attribute(node, g_steal_pointer(&name), g_strndup(start, reader->at - 1 - start));
    }
}

/* Passes comments, declarations and the like; fails where one does not end. */
static gboolean
pass_other(Reader *reader)
{
    for (;;) {
        pass_blanks(reader);
        if (looking_at(reader, "<!--")) {
            if (!pass(reader, "-->"))
                return FALSE;
        } else if (looking_at(reader, "<?")) {
            if (!pass(reader, "?>"))
                return FALSE;
        } else {
            return !looking_at(reader, "<!");
        }
    }
}

static CpNode *
read_element(Reader *reader, unsigned int depth)
{
    g_autoptr(CpNode) node = NULL;
    g_autoptr(GString) text = NULL;
    g_autofree char *name = NULL;

    if (depth > DEPTH_MAX || !looking_at(reader, "<"))
        return NULL;
    reader->at++;
    if (!(name = read_name(reader)))
        return NULL;
    node = node_new(g_steal_pointer(&name));
    if (!read_attributes(reader, node))
        return NULL;
    if (looking_at(reader, "/>")) {
        reader->at += 2;
        return g_steal_pointer(&node);
    }
    if (!looking_at(reader, ">"))
        return NULL;
    reader->at++;

    for (;;) {
        const char *start;
        CpNode *child;

        if (!pass_other(reader))
            return NULL;
        start = reader->at;
        while (reader->at < reader->end && *reader->at != '<')
            reader->at++;
        if (!is_text(start, reader->at))
            return NULL;
        if (reader->at > start) {
            text = text ? text : g_string_new(NULL);
            g_string_append_len(text, start, reader->at - start);
        }
        if (looking_at(reader, "</"))
            break;
        if (looking_at(reader, "<!--") || looking_at(reader, "<?"))
            continue;
        if (!(child = read_element(reader, depth + 1)))
            return NULL;
        cp_tree_insert(node, node->children->len, child);
    }

    reader->at += 2;
    if (!looking_at(reader, node->name))
        return NULL;
    reader->at += strlen(node->name);
    pass_blanks(reader);
    if (!looking_at(reader, ">"))
        return NULL;
    reader->at++;
    if (text)
        node->text = g_strchomp(g_string_free(g_steal_pointer(&text), FALSE));
    return g_steal_pointer(&node);
}

static gboolean
read_control(const CpInputOptions *control, CpNode *root)
{
    Reader reader = { .at = control->words, .end = control->words + control->words_length };

    return control->words_length == 0 || (read_attributes(&reader, cp_tree_options(root)) && reader.at == reader.end);
}

CpNode *
cp_tree_parse(const char *data, size_t length)
{
    CpInputOptions control = cp_input_options_read((const uint8_t *)data, length);
    Reader reader = { .at = control.document, .end = control.document + control.length };
    g_autoptr(CpNode) root = NULL;

    if (length > 0 && *data == '{')
        return cp_conversation_tree_parse(data, length);
    if (length == 0 || !g_utf8_validate(data, length, NULL) || !pass_other(&reader) ||
        !(root = read_element(&reader, 0)) || !read_control(&control, root))
        return NULL;
    return pass_other(&reader) && reader.at == reader.end ? g_steal_pointer(&root) : NULL;
}

/* --- writing --- */

/* g_string_append() for pieces so short that its call is most of their cost. */
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

static void
write_start(const CpNode *node, GString *text)
{
    guint i;

    append(text, "<");
    append(text, node->name);
    for (i = 0; i < node->attributes->len; i++) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, i);
        gboolean has_single = strchr(attribute->value, '\'') != NULL;

        append(text, " ");
        append(text, attribute->name);
        append(text, has_single ? "=\"" : "='");
        append(text, attribute->value);
        append(text, has_single ? "\"" : "'");
    }
}

static void
write_element(const CpNode *node, GString *text)
{
    guint i;

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
    for (i = 0; i < node->children->len; i++)
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
    if (root->control && root->control->attributes->len > 0) {
        write_start(root->control, text);
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

/* --- changing --- */

CpNode *
cp_tree_options(CpNode *root)
{
    if (!root->control)
        root->control = cp_tree_new("?capprobe");
    return root->control;
}

void
cp_tree_insert(CpNode *parent, guint position, CpNode *child)
{
    g_ptr_array_insert(parent->children, MIN(position, parent->children->len), child);
    child->parent = parent;
}

CpNode *
cp_tree_take(CpNode *node)
{
    g_ptr_array_remove(node->parent->children, node);
    node->parent = NULL;
    return node;
}

static CpAttribute *
attribute_of(const CpNode *node, const char *name)
{
    guint i;

    for (i = 0; i < node->attributes->len; i++) {
        CpAttribute *attribute = g_ptr_array_index(node->attributes, i);

        if (strcmp(attribute->name, name) == 0)
            return attribute;
    }
    return NULL;
}

const char *
cp_tree_get(const CpNode *node, const char *name)
{
    const CpAttribute *attribute = attribute_of(node, name);

    return attribute ? attribute->value : NULL;
}

void
cp_tree_set(CpNode *node, const char *name, const char *value)
{
    CpAttribute *attribute = attribute_of(node, name);

    if (!value) {
        if (attribute)
            g_ptr_array_remove(node->attributes, attribute);
    } else if (attribute) {
        char *old = attribute->value;

        attribute->value = g_strdup(value);
        g_free(old);
    } else {
        add_attribute(node, g_strdup(name), g_strdup(value));
    }
}

static void
list(CpNode *node, GPtrArray *nodes)
{
    guint i;

    g_ptr_array_add(nodes, node);
    for (i = 0; i < node->children->len; i++)
        list(g_ptr_array_index(node->children, i), nodes);
}

GPtrArray *
cp_tree_list(CpNode *node)
{
    GPtrArray *nodes = g_ptr_array_new();

    list(node, nodes);
    return nodes;
}
