/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of conversations: which command gets which answer, and how the mutator changes them. */

#include <glib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "input/conversation.h"
#include "mutator/mutator.h"
#include "input/tree.h"
#include "tests/seeds.h"

#define ROUNDS 1000

/* --- playing --- */

/* Asserts that the answer to `command` is `expected`; NULL means that there is none. */
static void
assert_answer(CpConversation *conversation, const char *command, const char *expected)
{
    CpConversationText text = { command, strlen(command) };
    CpConversationText answer;

    if (!expected) {
        g_assert_false(cp_conversation_answer(conversation, text, &answer));
        return;
    }
    g_assert_true(cp_conversation_answer(conversation, text, &answer));
    g_assert_cmpmem(answer.text, answer.length, expected, strlen(expected));
}

static void
test_answers(void)
{
    static const char text[] =
        "greeting\n"
        "{\"execute\":\"a\",\"id\":\"libvirt-1\"}\n1\nevent\n"
        "{\"execute\":\"b\",\"arguments\":{\"x\":\"y\",\"z\":{\"id\":\"0\"}},\"id\":\"libvirt-2\"}\n2\n"
        "{\"execute\":\"a\",\"id\":\"libvirt-3\"}\n3\n"
        "{ \"execute\" : \"c\" }\n4";
    g_autoptr(CpConversation) conversation = cp_conversation_new(text, strlen(text));
    CpConversationText greeting = cp_conversation_greeting(conversation);

    g_assert_cmpmem(greeting.text, greeting.length, "greeting\n", strlen("greeting\n"));
    assert_answer(conversation, "{\"execute\":\"a\",\"id\":\"libvirt-1\"}\r\n", "1\nevent\n");
    assert_answer(conversation, "{\"execute\":\"a\",\"id\":\"libvirt-7\"}\r\n", "3\n");
    assert_answer(conversation, "{\"execute\":\"a\"}", "3\n");
    assert_answer(conversation, "{\"execute\":\"b\",\"arguments\":{\"x\":\"y\",\"z\":{\"id\":\"0\"}},\"id\":\"1\"}",
                  "2\n");
    assert_answer(conversation, "{\"execute\":\"b\",\"arguments\":{\"x\":\"y\",\"z\":{\"id\":\"1\"}},\"id\":\"1\"}",
                  "2\n");
    assert_answer(conversation, "{\"execute\":\"b\",\"arguments\":{\"x\":\"z\"},\"id\":\"1\"}", NULL);
    assert_answer(conversation, "{\"execute\":\"b\",\"id\":\"1\"}", NULL);
    assert_answer(conversation, "{\"execute\":\"c\",\"arguments\":{\"x\":\"z\"},\"id\":\"1\"}", "4");
    assert_answer(conversation, "{\"execute\":\"d\",\"id\":\"1\"}", NULL);
}

static void
test_any_bytes_are_a_conversation(void)
{
    static const char *const texts[] = {
        "", "\n", "{", "{\"execute\"", "{\"execute\":\"", "{\"execute\":\"a\\", "\n{\"execute\"}\n"
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CpConversation) conversation = cp_conversation_new(texts[i], strlen(texts[i]));

        assert_answer(conversation, "{\"execute\":\"x\"}", NULL);
    }
}

/* --- mutations --- */

/* Adds the number of lines to `lines`, and that of the lines that are JSON to `valid`. */
static void
count_lines(const GString *text, guint *lines, guint *valid)
{
    g_auto(GStrv) line = g_strsplit(text->str, "\n", -1);

    for (guint i = 0; line[i]; i++) {
        g_autoptr(JsonParser) parser = json_parser_new();

        *valid += json_parser_load_from_data(parser, line[i], -1, NULL);
        (*lines)++;
    }
}

static void
test_mutations_are_conversations(void)
{
    g_autoptr(GString) output = g_string_new(NULL);
    g_autoptr(GString) again = g_string_new(NULL);
    guint lines = 0;
    guint valid = 0;
    guint changed = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        gsize length;
        const char *input = cp_seeds_get(round, &length);
        g_autoptr(CpNode) root = cp_tree_parse(input, length);
        g_autoptr(GString) written = g_string_new(NULL);

        cp_tree_write(root, written);
        cp_seeds_mutate(round, 1 << 20, output);
        cp_seeds_mutate(round, 1 << 20, again);
        g_assert_cmpmem(output->str, output->len, again->str, again->len);
        changed += !g_string_equal(output, written);
        count_lines(output, &lines, &valid);
        cp_seeds_mutate(round, 300, output);
        g_assert_cmpuint(output->len, <=, 300);
    }
    g_test_message("%u of %u lines are JSON, %u of %u conversations changed", valid, lines, changed, ROUNDS);
    g_assert_cmpuint(valid, >, lines / 10 * 9);
    g_assert_cmpuint(changed, >, ROUNDS / 10 * 9);
}

static void
test_trim_keeps_what_matters(void)
{
    static const char text[] = "{\"execute\":\"a\"}\n{\"return\":{\"x\":[1,{\"needle\":2,\"y\":3},{}]}}\n"
                               "{\"execute\":\"b\"}\n{\"return\":{}}\n";
    g_autoptr(CpTrim) trimming = cp_trim_new(text, strlen(text));
    g_autoptr(GString) candidate = g_string_new(NULL);

    while (cp_trim_next(trimming, candidate))
        cp_trim_judge(trimming, strstr(candidate->str, "needle") != NULL);
    g_string_truncate(candidate, 0);
    cp_trim_write(trimming, candidate);
    g_assert_cmpstr(candidate->str, ==, "{\"execute\":\"a\"}\n{\"return\":{\"x\":[{\"needle\":2}]}}\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    cp_seeds_read(argv[1]);
    g_test_add_func("/conversation/answers", test_answers);
    g_test_add_func("/conversation/any-bytes-are-a-conversation", test_any_bytes_are_a_conversation);
    g_test_add_func("/conversation/seeds-survive-the-tree", cp_seeds_survive_the_tree);
    g_test_add_func("/conversation/mutations-are-conversations", test_mutations_are_conversations);
    g_test_add_func("/conversation/trim-keeps-what-matters", test_trim_keeps_what_matters);
    int status = g_test_run();
    g_ptr_array_unref(cp_seeds);
    return status;
}
