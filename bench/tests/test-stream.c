/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of history/stream.h and judge/judge-stream.h. */
#include "judge/judge-stream.h"

#include <stdio.h>

#include "judge-events.h"

#define WELL BEGIN READ(10, 20, "a", 1) EXPECT("`answer`") FINISH

/* A file that has another text each time it is read from its begin. */
typedef struct {
    const char *const *texts;
    gsize at;
} Changing;

static ssize_t
read_changing(void *cookie, char *buffer, size_t size)
{
    Changing *file = cookie;
    gsize n = strnlen(*file->texts + file->at, size);
    memcpy(buffer, *file->texts + file->at, n);
    file->at += n;
    return n;
}

static int
seek_changing(void *cookie, off64_t *offset, int whence)
{
    Changing *file = cookie;
    g_assert_cmpint(whence, ==, SEEK_SET);
    if (file->at > 0)
        file->texts++;
    file->at = *offset;
    return 0;
}

static CpHistoryStream *
open_changing(Changing *file)
{
    FILE *in = fopencookie(file, "r", (cookie_io_functions_t){ .read = read_changing, .seek = seek_changing });
    return cp_history_stream_new("H", in);
}

static char *
text_of(const char *history)
{
    g_autofree char *unquoted = unquote(history);
    return with_digests(unquoted);
}

static gboolean
add_type(CpEvent *event, guint line, gpointer data, GError **error G_GNUC_UNUSED)
{
    g_string_append_printf(data, "%u:%d ", line, event->type);
    cp_event_free(event);
    return TRUE;
}

/* Reads a stream in which the texts follow each other. Returns what was visited the last time. */
static char *
visit_all(const char *const *texts, GError **error)
{
    Changing file = { texts, 0 };
    g_autoptr(CpHistoryStream) stream = open_changing(&file);
    g_autoptr(GString) seen = g_string_new(NULL);
    for (guint i = 0; texts[i]; i++) {
        g_string_truncate(seen, 0);
        if (!cp_history_stream_each(stream, add_type, seen, error))
            return NULL;
    }
    return g_string_free(g_steal_pointer(&seen), FALSE);
}

static void
test_same_events(void)
{
    g_autofree char *begin = unquote(HISTORY SCENARIO), *more = unquote(HISTORY SCENARIO END(0, "")),
                    *other = unquote(HISTORY OTHER), *half = unquote(HISTORY SCENARIO "{`type`:`e"),
                    *shorter = unquote(HISTORY);
    g_autoptr(GError) error = NULL;

    g_autofree char *twice = visit_all((const char *const[]){ more, more, NULL }, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(twice, ==, "1:0 2:1 3:14 ");
    g_autofree char *grown = visit_all((const char *const[]){ begin, more, more, NULL }, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(grown, ==, "1:0 2:1 ");
    g_autofree char *cut = visit_all((const char *const[]){ half, more, NULL }, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cut, ==, "1:0 2:1 ");
    g_assert_null(visit_all((const char *const[]){ begin, other, NULL }, &error));
    assert_refused(&error, "H: it was changed while it was read");
    g_assert_null(visit_all((const char *const[]){ begin, shorter, NULL }, &error));
    assert_refused(&error, "H: it was changed while it was read");
}

static void
test_refuse(void)
{
    g_autofree char *wrong = unquote(HISTORY SCENARIO "{`type`:`rou\n"), *late = unquote(HISTORY END(0, "") SCENARIO);
    g_autofree char *filler = g_strnfill(CP_HISTORY_LINE_MAX + 1, ' '), *begin = unquote(HISTORY);
    g_autofree char *longest = g_strconcat(begin, filler, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(visit_all((const char *const[]){ "", NULL }, &error));
    assert_refused(&error, "H:1:1: empty, expected a 'history' event first");
    g_assert_null(visit_all((const char *const[]){ wrong, NULL }, &error));
    assert_refused(&error, "H:3:14: not JSON: ");
    g_assert_null(visit_all((const char *const[]){ late, NULL }, &error));
    assert_refused(&error, "H:3:1: an event after the 'end' event");
    g_assert_null(visit_all((const char *const[]){ longest, NULL }, &error));
    assert_refused(&error, "H:2:1: the line is too long, expected at most 67108864 bytes");
}

/* Events are the same, however the file is divided when it is read. */
static void
test_chunks(void)
{
    g_autofree char *folder = folder_begin();
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *history = unquote(HISTORY), *scenario = unquote(SCENARIO), *end = unquote(END(0, ""));
    g_string_append(text, history);
    for (guint i = 0; i < 5000; i++)
        g_string_append(text, scenario);
    g_string_append(text, end);
    g_autofree char *file = folder_write(folder, "file", text->str);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) streamed = g_string_new(NULL), parsed = g_string_new(NULL);

    g_autoptr(CpHistoryStream) stream = cp_history_stream_open(file, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cp_history_stream_name(stream), ==, file);
    g_assert_true(cp_history_stream_each(stream, add_type, streamed, &error));
    g_assert_true(cp_history_each(file, text->str, text->len, add_type, parsed, &error));
    g_assert_cmpstr(streamed->str, ==, parsed->str);
    g_assert_true(g_str_has_suffix(streamed->str, " 5002:14 "));
    folder_end(folder);
}

static CpJudgement *
judge(const char *first, const char *second, GError **error)
{
    g_autofree char *text = text_of(first), *again = text_of(second);
    Changing file = { (const char *const[]){ text, again, NULL }, 0 };
    g_autoptr(CpHistoryStream) stream = open_changing(&file);
    return cp_judge_stream(stream, FALSE, NULL, NULL, error);
}

static void
test_judge(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpJudgement) well = judge(WELL, WELL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(well->exit, ==, 0);

    g_assert_null(judge(HISTORY SCENARIO READ_ERROR(1, 2, 0) END(0, ""), "", &error));
    assert_refused(&error, "H:3:1: an event of a round, outside a round");

    /* What the judge cannot bear, since it has learned something else. */
    g_assert_null(judge(WELL, HISTORY SCENARIO EXPECT("`answer`") FINISH, &error));
    assert_refused(&error, "H:3:1: it was changed while it was read");
    g_assert_null(judge(WELL, BEGIN FINISH, &error));
    assert_refused(&error, "H: it was changed while it was read");
    g_assert_null(judge(WELL, HISTORY SCENARIO ROUND("A", 0) READ_AS("read", 1, 2, "`lost`:`x`", 0) FINISH, &error));
    assert_refused(&error, "H: it was changed while it was read");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/same-events", test_same_events);
    g_test_add_func("/stream/refuse", test_refuse);
    g_test_add_func("/stream/chunks", test_chunks);
    g_test_add_func("/stream/judge", test_judge);
    return g_test_run();
}
