/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of history/history-file.h. */
#include "history/history-file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "events.h"
#include "written.h"

static void
write_event(CpHistoryFile *file, CpEventType type)
{
    g_autoptr(CpEvent) event = cp_event_new(type);
    event->schema = g_strdup(CP_HISTORY_SCHEMA);
    event->scenario = g_strdup("s");
    event->file = g_strdup("s.scn");
    event->text = g_strdup("");
    event->error = g_strdup("");
    event->state = g_strdup("A");
    event->round = 1;
    event->environment = json_object_new();
    cp_history_file_write(file, event);
}

static void
write_events(CpHistoryFile *file)
{
    static const CpEventType types[] = { CP_EVENT_HISTORY, CP_EVENT_SCENARIO, CP_EVENT_ROUND, CP_EVENT_ROUND_END,
                                         CP_EVENT_END };
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        write_event(file, types[i]);
}

static gboolean
count(CpEvent *event, guint line G_GNUC_UNUSED, gpointer data, GError **error G_GNUC_UNUSED)
{
    (*(guint *)data)++;
    cp_event_free(event);
    return TRUE;
}

/* Asserts that these events can be read, and twice. */
static void
assert_events(CpHistoryFile *file, guint expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpHistoryStream) history = cp_history_file_read(file, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 2; i++) {
        guint n = 0;
        cp_history_stream_each(history, count, &n, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(n, ==, expected);
    }
}

static guint
lines_of(const char *path)
{
    g_autofree char *text = NULL;
    guint lines = 0;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

/* The file has its name when the run has begun; all events are in it at once. */
static void
test_file(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "history", NULL);
    g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
    write_event(file, CP_EVENT_HISTORY);
    write_event(file, CP_EVENT_SCENARIO);
    g_assert_false(cp_history_file_is_published(file));
    assert_lists(folder, "");
    write_event(file, CP_EVENT_ROUND);
    g_assert_true(cp_history_file_is_published(file));
    g_assert_cmpuint(lines_of(path), ==, 3);
    write_event(file, CP_EVENT_ROUND_END);
    g_assert_cmpuint(lines_of(path), ==, 4);
    g_assert_true(cp_history_file_end(file, FALSE, NULL));
    assert_events(file, 4);
    assert_lists(folder, "history");
    folder_end(folder);
}

/* An earlier file stays until a round is complete, or if what there is is not to be kept. */
static void
test_earlier(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "history", "earlier");
    for (guint keep = 0; keep < 2; keep++) {
        g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
        write_event(file, CP_EVENT_HISTORY);
        write_event(file, CP_EVENT_ROUND);
        g_assert_false(cp_history_file_is_published(file));
        assert_holds(path, "earlier");
        g_assert_true(cp_history_file_end(file, keep, NULL));
        assert_events(file, 2);
    }
    g_assert_cmpuint(lines_of(path), ==, 2);

    g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
    write_events(file);
    g_assert_true(cp_history_file_is_published(file));
    g_assert_cmpuint(lines_of(path), ==, 5);
    folder_end(folder);
}

/* What cannot be read from the output again can be read nevertheless: it is not wanted, a pipe, or cannot be written. */
static void
test_no_file(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *pipe = g_build_filename(folder, "pipe", NULL), *text = g_malloc0(65536);
    g_autofree char *missing = g_build_filename(folder, "missing", "history", NULL);
    g_autoptr(CpHistoryFile) none = cp_history_file_new(NULL);
    write_events(none);
    g_assert_true(cp_history_file_end(none, FALSE, NULL));
    assert_events(none, 5);

    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    int reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    g_autoptr(CpHistoryFile) piped = cp_history_file_new(pipe);
    write_events(piped);
    g_assert_true(cp_history_file_end(piped, FALSE, NULL));
    g_assert_cmpint(read(reader, text, 65535), >, 0);
    g_assert_nonnull(strstr(text, "\"end\""));
    assert_events(piped, 5);
    close(reader);

    g_autoptr(GError) error = NULL;
    g_autoptr(CpHistoryFile) lost = cp_history_file_new(missing);
    write_events(lost);
    g_assert_false(cp_history_file_end(lost, TRUE, &error));
    assert_refused(&error, missing);
    assert_events(lost, 5);
    folder_end(folder);
}

/* A file that has no more space, nor any other file: its part of an event is not read, and the failure is told. */
static void
test_limit(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "history", NULL);
    struct rlimit old, small;
    g_autoptr(GError) error = NULL;
    g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
    write_event(file, CP_EVENT_HISTORY);

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){ .rlim_cur = 100, .rlim_max = old.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    for (guint i = 0; i < 3; i++)
        write_event(file, CP_EVENT_ROUND);
    setrlimit(RLIMIT_FSIZE, &old);
    g_assert_false(cp_history_file_end(file, TRUE, &error));
    g_autofree char *expected = g_strdup_printf("%s: could not be written: File too large", path);
    assert_error(&error, CP_ERROR_FAILED, expected);
    g_assert_null(cp_history_file_read(file, &error));
    assert_error(&error, CP_ERROR_FAILED, "the history could not be kept: ");
    folder_end(folder);
}

/* A file that somebody else has changed is not judged as what happened. */
static void
test_changed(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "history", NULL);
    for (guint way = 0; way < 2; way++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
        write_events(file);
        g_assert_true(cp_history_file_end(file, TRUE, NULL));
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        g_assert_cmpint(way == 0 ? pwrite(fd, " ", 1, 0) : ftruncate(fd, lseek(fd, 0, SEEK_END) - 2), >=, 0);
        close(fd);
        g_autoptr(CpHistoryStream) history = cp_history_file_read(file, &error);
        guint n = 0;
        g_assert_false(cp_history_stream_each(history, count, &n, &error));
        assert_refused(&error, "history:");
    }
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history-file/file", test_file);
    g_test_add_func("/history-file/earlier", test_earlier);
    g_test_add_func("/history-file/no-file", test_no_file);
    g_test_add_func("/history-file/limit", test_limit);
    g_test_add_func("/history-file/changed", test_changed);
    return g_test_run();
}
