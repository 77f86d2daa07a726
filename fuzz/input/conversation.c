/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses a conversation and finds the answers to commands. */
#include "input/conversation.h"

#include <string.h>

/* All recorded answers to one command. */
typedef struct {
    GArray *answers; /* of CpConversationText */
    guint used;      /* how many times the command was used */
} Exchange;

struct CpConversation {
    CpConversationText greeting;
    GHashTable *exchanges; /* the key of a command -> Exchange */
};

static void
free_exchange(gpointer data)
{
    Exchange *exchange = data;

    g_array_unref(exchange->answers);
    g_free(exchange);
}

/* Returns `line` without the whitespace between JSON tokens. */
static GString *
remove_whitespace(CpConversationText line)
{
    GString *text = g_string_sized_new(line.length);
    gboolean quoted = FALSE;

    for (gsize i = 0; i < line.length; i++) {
        char c = line.text[i];

        if (!quoted && strchr(" \t\r", c))
            continue;
        if (c == '"')
            quoted = !quoted;
        g_string_append_c(text, c);
        if (quoted && c == '\\' && i + 1 < line.length)
            g_string_append_c(text, line.text[++i]);
    }
    return text;
}

/* Returns the key of a command: its text without whitespace and without its id, which is the last member. */
static char *
key_of(CpConversationText command)
{
    g_autoptr(GString) text = remove_whitespace(command);
    const char *id = g_strrstr_len(text->str, text->len, ",\"id\":\"");

    if (id && strspn(strchr(id + strlen(",\"id\":\""), '"') ?: "", "\"}") == 2)
        g_string_truncate(text, id - text->str);
    else if (g_str_has_suffix(text->str, "}"))
        g_string_truncate(text, text->len - 1);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Removes all arguments from a key, or all but the first. Returns FALSE if there are no arguments, or not more than
 * one. */
static gboolean
shorten_key(char *key, gboolean keep_first)
{
    char *end = strstr(key, ",\"arguments\":{");

    if (end && keep_first)
        end = strchr(end + 1, ',');
    if (end)
        *end = '\0';
    return end != NULL;
}

gboolean
cp_conversation_take_line(CpConversationText *rest, CpConversationText *line)
{
    if (rest->length == 0)
        return FALSE;

    const char *end = memchr(rest->text, '\n', rest->length);

    line->text = rest->text;
    line->length = end ? end - rest->text : rest->length;
    rest->text += line->length + (end ? 1 : 0);
    rest->length -= line->length + (end ? 1 : 0);
    return TRUE;
}

gboolean
cp_conversation_is_command(CpConversationText line)
{
    static const char *const tokens[] = { "{", "\"execute\"" };

    for (guint i = 0; i < G_N_ELEMENTS(tokens); i++) {
        gsize length = strlen(tokens[i]);

        while (line.length > 0 && g_ascii_isspace(*line.text)) {
            line.text++;
            line.length--;
        }
        if (line.length < length || memcmp(line.text, tokens[i], length) != 0)
            return FALSE;
        line.text += length;
        line.length -= length;
    }
    return TRUE;
}

static void
add_answer_for_key(CpConversation *conversation, const char *key, CpConversationText answer)
{
    Exchange *exchange = g_hash_table_lookup(conversation->exchanges, key);

    if (!exchange) {
        exchange = g_new0(Exchange, 1);
        exchange->answers = g_array_new(FALSE, FALSE, sizeof(CpConversationText));
        g_hash_table_insert(conversation->exchanges, g_strdup(key), exchange);
    }
    g_array_append_val(exchange->answers, answer);
}

/* Adds the answer to `command`, or the greeting if `command` has no text. */
static void
add_answer(CpConversation *conversation, CpConversationText command, CpConversationText answer)
{
    if (!command.text) {
        conversation->greeting = answer;
        return;
    }

    g_autofree char *key = key_of(command);

    add_answer_for_key(conversation, key, answer);
    if (shorten_key(key, TRUE))
        add_answer_for_key(conversation, key, answer);
}

CpConversation *
cp_conversation_new(const char *text, gsize length)
{
    CpConversation *conversation = g_new0(CpConversation, 1);
    CpConversationText rest = { text, length };
    CpConversationText command = { NULL, 0 };
    CpConversationText answer = { text, 0 };
    CpConversationText line;

    conversation->exchanges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_exchange);
    while (cp_conversation_take_line(&rest, &line)) {
        if (!cp_conversation_is_command(line))
            continue;
        answer.length = line.text - answer.text;
        add_answer(conversation, command, answer);
        command = line;
        answer.text = rest.text;
    }
    answer.length = rest.text - answer.text;
    add_answer(conversation, command, answer);
    return conversation;
}

void
cp_conversation_free(CpConversation *conversation)
{
    g_hash_table_unref(conversation->exchanges);
    g_free(conversation);
}

CpConversationText
cp_conversation_greeting(const CpConversation *conversation)
{
    return conversation->greeting;
}

gboolean
cp_conversation_answer(CpConversation *conversation, CpConversationText command, CpConversationText *answer)
{
    g_autofree char *key = key_of(command);
    Exchange *exchange = g_hash_table_lookup(conversation->exchanges, key);

    if (!exchange && shorten_key(key, TRUE))
        exchange = g_hash_table_lookup(conversation->exchanges, key);
    if (!exchange && shorten_key(key, FALSE))
        exchange = g_hash_table_lookup(conversation->exchanges, key);
    if (!exchange)
        return FALSE;
    *answer = g_array_index(exchange->answers, CpConversationText, MIN(exchange->used, exchange->answers->len - 1));
    exchange->used++;
    return TRUE;
}
