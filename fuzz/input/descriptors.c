/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads folders with firmware descriptors. */
#include "input/descriptors.h"

#include <string.h>

#include "input/conversation-tree.h"
#include "input/conversation.h"

static void
descriptor_free(gpointer data)
{
    CpDescriptor *descriptor = data;

    g_free(descriptor->name);
    g_free(descriptor);
}

static gboolean
is_start(CpConversationText line)
{
    return line.length >= strlen(CP_DESCRIPTOR_START) &&
           memcmp(line.text, CP_DESCRIPTOR_START, strlen(CP_DESCRIPTOR_START)) == 0;
}

/* Returns the string that is the value of `key` in a line, or NULL. The caller owns it. */
static char *
value_of(CpConversationText line, const char *key)
{
    const char *end = line.text + line.length;
    const char *at = memmem(line.text, line.length, key, strlen(key));
    const char *start = at ? memchr(at + strlen(key), '"', end - at - strlen(key)) : NULL;
    const char *quote = start ? memchr(start + 1, '"', end - start - 1) : NULL;

    return quote ? g_strndup(start + 1, quote - start - 1) : NULL;
}

/* Returns the number of the word that `text` begins with, or that of the end of the list. */
static guint
index_of(const char *const *words, const char *text)
{
    guint i = 0;

    while (words[i] && !(text && g_str_has_prefix(text, words[i])))
        i++;
    return i;
}

static gboolean
has_place(gconstpointer a, gconstpointer b)
{
    const CpDescriptor *one = a;
    const CpDescriptor *other = b;

    return one->folder == other->folder && g_str_equal(one->name, other->name);
}

/* Returns the descriptor that a line begins, or NULL if its name is not of the form. The caller owns it. */
static CpDescriptor *
begin(CpConversationText line)
{
    static const char *const folders[] = { "usr/", "etc/", "home/", NULL };
    static const char *const kinds[] = { "dangling", "unreadable", "folder", NULL };
    g_autofree char *place = value_of(line, CP_DESCRIPTOR_START);
    g_autofree char *kind = value_of(line, "\"is\"");
    guint folder = index_of(folders, place);

    if (!folders[folder])
        return NULL;

    const char *name = place + strlen(folders[folder]);

    if (!*name || strchr(name, '/') || strlen(name) > NAME_MAX || g_str_equal(name, ".") || g_str_equal(name, ".."))
        return NULL;

    CpDescriptor *descriptor = g_new0(CpDescriptor, 1);
    guint number = index_of(kinds, kind);

    descriptor->folder = folder;
    descriptor->kind = kinds[number] ? number + 1 : CP_DESCRIPTOR_FILE;
    descriptor->name = g_strdup(name);
    return descriptor;
}

GPtrArray *
cp_descriptors_read(const char *text, gsize length)
{
    CpConversationText rest = { text, length };
    GPtrArray *descriptors = g_ptr_array_new_with_free_func(descriptor_free);
    CpDescriptor *last = NULL;
    CpConversationText line;

    while (cp_conversation_take_line(&rest, &line)) {
        if (!is_start(line)) {
            if (last)
                last->length = line.text + line.length - last->content;
            continue;
        }
        last = begin(line);
        if (last && g_ptr_array_find_with_equal_func(descriptors, last, has_place, NULL)) {
            descriptor_free(last);
            last = NULL;
        }
        if (last) {
            last->content = rest.text;
            g_ptr_array_add(descriptors, last);
        }
    }
    return descriptors;
}

/* --- as a tree --- */

gboolean
cp_descriptors_is_start(const CpNode *line)
{
    const CpNode *first = line->children->len > 0 ? g_ptr_array_index(line->children, 0) : NULL;

    return first && g_str_equal(first->name, "\"descriptor\"");
}

gboolean
cp_descriptors_tree_is(const CpNode *root)
{
    return cp_conversation_tree_is(root) && root->children->len > 0 &&
           cp_descriptors_is_start(g_ptr_array_index(root->children, 0));
}
