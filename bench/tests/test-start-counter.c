/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts of an emulator are counted by its file. */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "run/sandbox/start-counter.h"

static char *folder, *emulator;

static void
write_script(const char *path, const char *text)
{
    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

static void
start(const char *path)
{
    char *argv[] = { (char *)path, NULL };
    pid_t pid;
    int status;
    g_assert_cmpint(posix_spawn(&pid, path, NULL, NULL, argv, NULL), ==, 0);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
}

/* A counter that watches the emulator; FALSE if this host allows none. */
static gboolean
begin(CpStartCounter *counter)
{
    cp_start_counter_begin(counter);
    cp_start_counter_watch_only(counter, emulator);
    if (counter->watching)
        return TRUE;
    g_test_skip("this user may not watch executions here");
    cp_start_counter_end(counter);
    return FALSE;
}

static gint64
starts(CpStartCounter *counter)
{
    cp_start_counter_update(counter);
    return counter->starts;
}

static void
test_every_start(void)
{
    CpStartCounter counter;
    if (!begin(&counter))
        return;
    g_assert_cmpint(starts(&counter), ==, 0);
    start(emulator); /* a script that fails, and runs another program */
    start(emulator);
    start("/bin/sh");
    g_assert_cmpint(starts(&counter), ==, 2);
    start(emulator);
    g_assert_cmpint(starts(&counter), ==, 3);
    cp_start_counter_end(&counter);
}

static void
test_opening_is_not_starting(void)
{
    CpStartCounter counter;
    if (!begin(&counter))
        return;
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(emulator, &text, NULL, NULL));
    g_assert_cmpint(access(emulator, X_OK), ==, 0);
    g_assert_cmpint(starts(&counter), ==, 0);
    cp_start_counter_end(&counter);
}

static void
test_another_file(void)
{
    CpStartCounter counter;
    if (!begin(&counter))
        return;
    g_autofree char *old = g_build_filename(folder, "old", NULL);
    g_assert_cmpint(rename(emulator, old), ==, 0);
    write_script(emulator, "#!/bin/sh\nexit 0\n");

    start(emulator);
    g_assert_cmpint(starts(&counter), ==, 0);
    cp_start_counter_watch_also(&counter, emulator);
    start(emulator);
    start(old);
    g_assert_cmpint(starts(&counter), ==, 2);
    cp_start_counter_watch_only(&counter, emulator);
    start(emulator);
    start(old);
    g_assert_cmpint(starts(&counter), ==, 3);
    cp_start_counter_end(&counter);
}

static void
test_missing(void)
{
    CpStartCounter counter;
    if (!begin(&counter))
        return;
    cp_start_counter_watch_only(&counter, "/nonexistent");
    g_assert_false(counter.watching);
    g_assert_cmpint(starts(&counter), ==, 0);
    cp_start_counter_end(&counter);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = folder_begin();
    emulator = g_build_filename(folder, "emulator", NULL);
    write_script(emulator, "#!/bin/sh\n/bin/true\nexit 1\n");
    g_test_add_func("/start-counter/every-start", test_every_start);
    g_test_add_func("/start-counter/opening-is-not-starting", test_opening_is_not_starting);
    g_test_add_func("/start-counter/another-file", test_another_file);
    g_test_add_func("/start-counter/missing", test_missing);
    int status = g_test_run();
    folder_end(folder);
    g_free(emulator);
    return status;
}
