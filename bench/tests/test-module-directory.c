/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of the private module directory: how it is copied and restored, and its times. */
#include "run/host/module-directory.h"

#include <fcntl.h>
#include <unistd.h>

#include "helper.h"
#include "run/host/state.h"

#define NOBODY 65534

typedef struct {
    char *folder;
    CpHost *host;
} Fixture;

/* A real directory with two modules, a link and what is no module, and a private one that is not made yet. */
static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *modules = NULL, *fifo = NULL, *subfolder = NULL, *link = NULL, *a = NULL;
    fixture->folder = folder_begin();
    modules = g_build_filename(fixture->folder, "modules", NULL);
    fixture->host = cp_host_new(modules, "/nonexistent", "", CP_KVM_OFF);
    g_free(fixture->host->pristine_dir);
    fixture->host->pristine_dir = g_build_filename(fixture->folder, "pristine", NULL);
    g_assert_cmpint(mkdir(fixture->host->pristine_dir, 0755), ==, 0);

    a = folder_write(fixture->host->pristine_dir, "a.so", "content of a");
    g_assert_cmpint(chmod(a, 0640), ==, 0);
    g_free(folder_write(fixture->host->pristine_dir, "b.so", "content of b"));
    link = g_build_filename(fixture->host->pristine_dir, "link.so", NULL);
    g_assert_cmpint(symlink("../elsewhere/link.so", link), ==, 0);
    fifo = g_build_filename(fixture->host->pristine_dir, "fifo", NULL);
    g_assert_cmpint(mkfifo(fifo, 0644), ==, 0);
    subfolder = g_build_filename(fixture->host->pristine_dir, "folder", NULL);
    g_assert_cmpint(mkdir(subfolder, 0755), ==, 0);
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_assert_true(cp_host_remove_tree(fixture->folder, NULL));
    cp_host_free(fixture->host);
    g_free(fixture->folder);
}

static void
reset(Fixture *fixture)
{
    GError *error = NULL;
    cp_module_dir_reset(fixture->host, &error);
    g_assert_no_error(error);
}

static void
assert_file(const char *path, mode_t mode, off_t size)
{
    struct stat st;
    g_assert_cmpint(lstat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode, ==, S_IFREG | mode);
    g_assert_cmpint(st.st_size, ==, size);
}

static gint64
mtime_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mtim.tv_sec;
}

static void
test_copy(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    reset(fixture);
    g_autofree char *names = folder_list(fixture->host->module_dir);
    g_autofree char *a = cp_module_path(fixture->host, "a");
    g_autofree char *link = cp_module_path(fixture->host, "link");
    g_autofree char *target = g_file_read_link(link, NULL);
    g_assert_cmpstr(names, ==, "a.so b.so link.so");
    g_assert_cmpstr(target, ==, "../elsewhere/link.so");
    assert_file(a, 0640, strlen("content of a"));
}

/* A file that cannot be read does not end the run, and cannot be read afterwards. For root all files can be read. */
static void
test_unreadable(void)
{
    Fixture fixture;
    GError *error = NULL;
    gboolean root = geteuid() == 0;
    g_assert_cmpint(root ? seteuid(NOBODY) : 0, ==, 0);
    set_up(&fixture, NULL);
    g_autofree char *pristine = g_build_filename(fixture.host->pristine_dir, "b.so", NULL);
    g_assert_cmpint(chmod(pristine, 0), ==, 0);

    reset(&fixture);
    g_autofree char *b = cp_module_path(fixture.host, "b");
    assert_file(b, 0, strlen("content of b"));
    g_assert_true(cp_module_dir_restore(fixture.host, NULL));
    assert_file(b, 0, strlen("content of b"));

    /* access() asks for the real user, who is the same outside of this test. */
    if (!root) {
        g_autofree char *message = g_strdup_printf("%s: this user cannot read it", b);
        g_assert_false(cp_module_check_readable(fixture.host, "b", &error));
        assert_error(&error, CP_ERROR_UNTESTABLE, message);
    }
    g_assert_true(cp_module_check_readable(fixture.host, "a", NULL));
    tear_down(&fixture, NULL);
    g_assert_cmpint(root ? seteuid(0) : 0, ==, 0);
}

static void
change_content(Fixture *fixture)
{
    g_free(folder_write(fixture->host->module_dir, "a.so", "content of b"));
}

static void
change_length(Fixture *fixture)
{
    g_free(folder_write(fixture->host->module_dir, "a.so", "something longer than the content of a"));
}

static void
change_mode(Fixture *fixture)
{
    g_autofree char *a = cp_module_path(fixture->host, "a");
    g_assert_cmpint(chmod(a, 0), ==, 0);
}

static void
remove_file(Fixture *fixture)
{
    g_autofree char *a = cp_module_path(fixture->host, "a");
    g_assert_cmpint(unlink(a), ==, 0);
}

static void
add_file(Fixture *fixture)
{
    g_free(folder_write(fixture->host->module_dir, "c.so", "foreign"));
}

static void
replace_link(Fixture *fixture)
{
    g_autofree char *link = cp_module_path(fixture->host, "link");
    g_assert_cmpint(unlink(link), ==, 0);
    g_assert_cmpint(symlink("a.so", link), ==, 0);
}

static void
rename_away(Fixture *fixture)
{
    change_length(fixture);
    g_assert_cmpint(rename(fixture->host->module_dir, fixture->host->away_dir), ==, 0);
}

static void
leave_link(Fixture *fixture)
{
    rename_away(fixture);
    g_assert_cmpint(symlink("modules.away", fixture->host->module_dir), ==, 0);
}

static void
test_restore(void)
{
    static const struct {
        const char *name;
        void (*change)(Fixture *fixture);
    } changes[] = {
        { "content", change_content }, { "length", change_length },
        { "mode", change_mode },       { "removed", remove_file },
        { "added", add_file },         { "link", replace_link },
        { "renamed", rename_away },    { "directory-link", leave_link },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        Fixture fixture;
        GError *error = NULL;
        g_test_message("%s", changes[i].name);
        set_up(&fixture, NULL);
        reset(&fixture);
        g_autofree char *first = cp_host_state(fixture.host);
        changes[i].change(&fixture);
        g_hash_table_remove_all(fixture.host->digests);

        cp_module_dir_restore(fixture.host, &error);
        g_assert_no_error(error);
        g_autofree char *restored = cp_host_state(fixture.host);
        g_assert_cmpstr(restored, ==, first);
        g_assert_false(g_file_test(fixture.host->module_dir, G_FILE_TEST_IS_SYMLINK));
        tear_down(&fixture, NULL);
    }
}

static void
test_restore_nothing(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    reset(fixture);
    g_assert_true(cp_module_dir_restore(fixture->host, NULL));
    g_assert_cmpint(mtime_of(fixture->host->module_dir), ==, fixture->host->clock_s);
}

/* `clock step`: only another directory or another time is a change. */
static void
test_clock(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    CpHost *host = fixture->host;
    reset(fixture);
    gint64 start_s = mtime_of(host->module_dir);

    cp_module_dir_note(host);
    g_assert_true(cp_module_dir_advance_time(host, NULL));
    g_assert_cmpint(mtime_of(host->module_dir), ==, start_s);

    cp_module_dir_note(host);
    remove_file(fixture);
    g_assert_true(cp_module_dir_advance_time(host, NULL));
    g_assert_cmpint(mtime_of(host->module_dir), ==, start_s + 1);

    cp_module_dir_note(host);
    g_assert_cmpint(rename(host->module_dir, host->away_dir), ==, 0);
    g_assert_true(cp_module_dir_advance_time(host, NULL));
    cp_module_dir_note(host);
    g_assert_cmpint(rename(host->away_dir, host->module_dir), ==, 0);
    g_assert_true(cp_module_dir_advance_time(host, NULL));
    g_assert_cmpint(mtime_of(host->module_dir), ==, start_s + 1);
}

static void
test_keep_times(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    CpModuleDirTimes times;
    reset(fixture);
    gint64 start_s = mtime_of(fixture->host->module_dir);
    g_assert_true(cp_module_dir_save_times(fixture->host, &times, NULL));
    remove_file(fixture);
    g_assert_true(cp_module_dir_restore_times(fixture->host, &times, NULL));
    g_assert_cmpint(mtime_of(fixture->host->module_dir), ==, start_s);

    /* A directory that does not exist has no times to keep. */
    g_assert_cmpint(rename(fixture->host->module_dir, fixture->host->away_dir), ==, 0);
    g_assert_true(cp_module_dir_restore_times(fixture->host, &times, NULL));
    g_assert_true(cp_module_dir_save_times(fixture->host, &times, NULL));
    g_assert_true(cp_module_dir_restore_times(fixture->host, &times, NULL));
}

/* If the time cannot be set libvirt would be blamed for not seeing the change. */
static void
test_time_fails(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    CpModuleDirTimes times = { .exists = TRUE };
    GError *error = NULL;
    g_autofree char *file = folder_write(fixture->folder, "file", "");
    g_free(fixture->host->module_dir);
    fixture->host->module_dir = g_build_filename(file, "modules", NULL);
    g_autofree char *message =
        g_strdup_printf("%s: its time cannot be set: Not a directory", fixture->host->module_dir);

    g_assert_false(cp_module_dir_set_time(fixture->host, &error));
    assert_error(&error, CP_ERROR_FAILED, message);
    g_assert_false(cp_module_dir_restore_times(fixture->host, &times, &error));
    assert_error(&error, CP_ERROR_FAILED, message);
    g_assert_false(cp_module_dir_save_times(fixture->host, &times, &error));
    assert_error(&error, CP_ERROR_FAILED, fixture->host->module_dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/module-directory/copy", Fixture, NULL, set_up, test_copy, tear_down);
    g_test_add_func("/module-directory/unreadable", test_unreadable);
    g_test_add_func("/module-directory/restore", test_restore);
    g_test_add("/module-directory/restore-nothing", Fixture, NULL, set_up, test_restore_nothing, tear_down);
    g_test_add("/module-directory/clock", Fixture, NULL, set_up, test_clock, tear_down);
    g_test_add("/module-directory/keep-times", Fixture, NULL, set_up, test_keep_times, tear_down);
    g_test_add("/module-directory/time-fails", Fixture, NULL, set_up, test_time_fails, tear_down);
    return g_test_run();
}
