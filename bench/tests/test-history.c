/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of history/history.h. */
#include "events.h"

#define WHOLE HISTORY SCENARIO ROUND("A", 1) ROUND_END(3, 1) END(0, "")

static void
test_file(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = g_build_filename(folder, "history", NULL);
    g_autofree char *missing = g_build_filename(folder, "missing", "history", NULL), *written = NULL;
    gsize length;
    g_autoptr(GError) error = NULL;

    g_autoptr(GPtrArray) history = events_of(WHOLE, &error);
    g_assert_no_error(error);
    g_assert_true(cp_history_save(history, file, &error));
    g_assert_true(g_file_get_contents(file, &written, &length, NULL));
    g_autoptr(GPtrArray) again = cp_history_parse(file, written, length, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(again->len, ==, 5);
    for (guint i = 0, at = 0; i < again->len; i++) {
        g_autofree char *line = cp_event_write(again->pdata[i]);
        g_assert_true(g_str_has_prefix(written + at, line));
        at += strlen(line) + 1;
        g_assert_cmpint(written[at - 1], ==, '\n');
    }

    g_assert_false(cp_history_save(history, missing, &error));
    assert_refused(&error, missing);
    folder_end(folder);
}

static void
test_refuse(void)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        { "", "H:1:1: empty, expected a 'history' event first" },
        { "{`type`:`hist", "H:1:15: not JSON: " },
        { HISTORY SCENARIO "{`type`:`rou\n", "H:3:14: not JSON: " },
        { HISTORY END(0, "") "{`type`:`rou", "H:3:14: not JSON: " },
        { SCENARIO HISTORY END(0, ""), "H:1:1: expected a 'history' event first" },
        { END(0, ""), "H:1:1: expected a 'history' event first" },
        { HISTORY HISTORY END(0, ""), "H:2:1: a second 'history' event" },
        { HISTORY END(0, "") SCENARIO, "H:3:1: an event after the 'end' event" },
        { HISTORY END(0, "") END(0, ""), "H:3:1: an event after the 'end' event" },
        { HISTORY END(0, "") HISTORY, "H:3:1: an event after the 'end' event" },
        { HISTORY "\n" END(0, ""), "H:2:1: expected a JSON object" },
        { HISTORY END(0, "") "\n", "H:3:1: expected a JSON object" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("case %zu", i);
        g_assert_null(events_of(cases[i].text, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

/* A history that is cut anywhere behind its first line can be read up to there. */
static void
test_cut(void)
{
    g_autofree char *text = unquote(WHOLE);
    guint first = strchr(text, '\n') - text;
    for (gsize length = 0; length < strlen(text) + 1; length++) {
        g_autofree char *cut = g_strndup(text, length);
        g_autoptr(GPtrArray) history = cp_history_parse("H", cut, length, NULL);
        guint lines = 0;
        for (gsize i = 0; i < length; i++)
            lines += text[i] == '\n' || text[i + 1] == '\n';
        g_assert_cmpint(history != NULL, ==, length >= first);
        if (history)
            g_assert_cmpuint(history->len, ==, (lines + 1) / 2);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/file", test_file);
    g_test_add_func("/history/refuse", test_refuse);
    g_test_add_func("/history/cut", test_cut);
    return g_test_run();
}
