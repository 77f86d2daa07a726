/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of the state digest: what changes it and what does not. */
#include "run/host/state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"
#include "run/host/carry-out-operation.h"

typedef struct {
    char *folder;
    CpHost *host;
    char *a; /* the path of a module */
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *modules = NULL, *emulator = NULL;
    fixture->folder = folder_begin();
    modules = g_build_filename(fixture->folder, "modules", NULL);
    emulator = folder_write(fixture->folder, "emulator", "emulator");
    g_assert_cmpint(mkdir(modules, 0755), ==, 0);
    fixture->host = cp_host_new(modules, emulator, "query", CP_KVM_OFF);
    fixture->a = folder_write(modules, "a.so", "content");
    g_free(folder_write(modules, "b.so", "content"));
    g_assert_cmpint(chmod(fixture->a, 0644), ==, 0);
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_assert_true(cp_host_remove_tree(fixture->folder, NULL));
    cp_host_free(fixture->host);
    g_free(fixture->folder);
    g_free(fixture->a);
}

/* Digests are remembered; here it is not an operation that changes the files. */
static char *
fresh_state(const Fixture *fixture)
{
    g_hash_table_remove_all(fixture->host->digests);
    return cp_host_state(fixture->host);
}

static char *
path_of(const Fixture *fixture, const char *name)
{
    return g_build_filename(fixture->host->module_dir, name, NULL);
}

static void
change_content(const Fixture *fixture)
{
    g_assert_true(g_file_set_contents(fixture->a, "tnetnoc", -1, NULL));
}

static void
change_mode(const Fixture *fixture)
{
    g_assert_cmpint(chmod(fixture->a, 0600), ==, 0);
}

static void
add_file(const Fixture *fixture)
{
    g_free(folder_write(fixture->host->module_dir, "c.so", ""));
}

static void
remove_file(const Fixture *fixture)
{
    g_assert_cmpint(unlink(fixture->a), ==, 0);
}

static void
rename_file(const Fixture *fixture)
{
    g_autofree char *other = path_of(fixture, "z.so");
    g_assert_cmpint(rename(fixture->a, other), ==, 0);
}

static void
change_other_content(const Fixture *fixture)
{
    g_autofree char *b = path_of(fixture, "b.so");
    g_assert_true(g_file_set_contents(b, "other", -1, NULL));
}

static void
make_emulator_executable(const Fixture *fixture)
{
    g_assert_cmpint(chmod(fixture->host->emulator, 0755), ==, 0);
}

static void
make_folder(const Fixture *fixture)
{
    remove_file(fixture);
    g_assert_cmpint(mkdir(fixture->a, 0644), ==, 0);
}

/* A FIFO must not be opened: that would wait for a writer. */
static void
make_fifo(const Fixture *fixture)
{
    remove_file(fixture);
    g_assert_cmpint(mkfifo(fixture->a, 0644), ==, 0);
}

static void
make_link(const Fixture *fixture)
{
    remove_file(fixture);
    g_assert_cmpint(symlink("b.so", fixture->a), ==, 0);
}

static void
make_broken_link(const Fixture *fixture)
{
    remove_file(fixture);
    g_assert_cmpint(symlink("missing", fixture->a), ==, 0);
}

static void
remove_all(const Fixture *fixture)
{
    g_assert_true(cp_host_remove_tree(fixture->host->module_dir, NULL));
    g_assert_cmpint(mkdir(fixture->host->module_dir, 0755), ==, 0);
}

static void
remove_directory(const Fixture *fixture)
{
    g_assert_true(cp_host_remove_tree(fixture->host->module_dir, NULL));
}

static void
grow_emulator(const Fixture *fixture)
{
    g_assert_cmpint(truncate(fixture->host->emulator, 100), ==, 0);
}

/* The size stays. */
static void
change_emulator(const Fixture *fixture)
{
    g_assert_true(g_file_set_contents(fixture->host->emulator, "rotalume", -1, NULL));
}

static void
remove_emulator(const Fixture *fixture)
{
    g_assert_cmpint(unlink(fixture->host->emulator), ==, 0);
}

static void
replace_fact(const Fixture *fixture)
{
    g_hash_table_insert(fixture->host->facts, g_strdup("cpuinfo microcode"), g_strdup("0x2"));
}

static void
ask_otherwise(const Fixture *fixture)
{
    g_free(fixture->host->query);
    fixture->host->query = g_strdup("another query");
}

static const struct {
    const char *name;
    void (*change)(const Fixture *fixture);
} changes[] = {
    { "content", change_content },
    { "mode", change_mode },
    { "file-added", add_file },
    { "file-removed", remove_file },
    { "file-renamed", rename_file },
    { "other-file", change_other_content },
    { "folder", make_folder },
    { "fifo", make_fifo },
    { "link", make_link },
    { "broken-link", make_broken_link },
    { "directory-empty", remove_all },
    { "directory-missing", remove_directory },
    { "emulator", grow_emulator },
    { "emulator-content", change_emulator },
    { "emulator-mode", make_emulator_executable },
    { "emulator-missing", remove_emulator },
    { "fact", replace_fact },
    { "query", ask_otherwise },
};

/* Each change gives another digest, and always the same. */
static void
test_changes(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        Fixture fixture;
        set_up(&fixture, NULL);
        g_autofree char *before = fresh_state(&fixture);
        g_test_message("%s", changes[i].name);
        changes[i].change(&fixture);

        g_autofree char *after = fresh_state(&fixture);
        g_autofree char *again = fresh_state(&fixture);
        g_assert_cmpstr(before, !=, after);
        g_assert_cmpstr(after, ==, again);
        tear_down(&fixture, NULL);
    }
}

static void
test_link_target(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *link = path_of(fixture, "link.so");
    g_assert_cmpint(symlink("a.so", link), ==, 0);
    g_autofree char *to_a = fresh_state(fixture);
    g_assert_cmpint(unlink(link), ==, 0);
    g_assert_cmpint(symlink("b.so", link), ==, 0);
    g_autofree char *to_b = fresh_state(fixture);
    g_assert_cmpstr(to_a, !=, to_b);

    /* What a link leads to counts, too. */
    g_autofree char *outside = folder_write(fixture->folder, "outside", "one");
    g_assert_cmpint(unlink(link), ==, 0);
    g_assert_cmpint(symlink("../outside", link), ==, 0);
    g_autofree char *one = fresh_state(fixture);
    g_assert_true(g_file_set_contents(outside, "two", -1, NULL));
    g_autofree char *two = fresh_state(fixture);
    g_assert_cmpstr(one, !=, two);
}

static void
test_times(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    const struct timespec times[] = { { .tv_sec = 1 }, { .tv_sec = 2 } };
    g_autofree char *before = fresh_state(fixture);
    g_assert_cmpint(utimensat(AT_FDCWD, fixture->a, times, 0), ==, 0);
    g_assert_cmpint(utimensat(AT_FDCWD, fixture->host->module_dir, times, 0), ==, 0);
    g_assert_cmpint(utimensat(AT_FDCWD, fixture->host->emulator, times, 0), ==, 0);
    g_autofree char *after = fresh_state(fixture);
    g_assert_cmpstr(before, ==, after);
}

/* The order in which a directory lists its files does not count. */
static void
test_order(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *before = fresh_state(fixture);
    remove_all(fixture);
    g_free(folder_write(fixture->host->module_dir, "b.so", "content"));
    g_free(folder_write(fixture->host->module_dir, "a.so", "content"));
    g_assert_cmpint(chmod(fixture->a, 0644), ==, 0);
    g_autofree char *after = fresh_state(fixture);
    g_assert_cmpstr(before, ==, after);
}

/* Remembered digests: an operation that keeps a file's size and times must change the digest all the same. */
static void
test_operation(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    static const char text[] = "overwrite a\ncorrupt b\nstart\nread\n";
    const struct timespec times[] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
    GError *error = NULL;
    g_autoptr(CpScenario) scenario = cp_scenario_parse("F", text, strlen(text), &error);
    g_assert_no_error(error);

    g_autofree char *last = cp_host_state(fixture->host);
    for (guint i = 0; i < 2; i++) {
        const CpStep *step = scenario->steps->pdata[i];
        g_autofree char *path = g_strdup_printf("%s/%s.so", fixture->host->module_dir, step->args[0]);
        cp_operate(fixture->host, scenario, step, &error);
        g_assert_no_error(error);
        g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
        char *state = cp_host_state(fixture->host);
        g_assert_cmpstr(state, !=, last);
        g_free(last);
        last = state;

        g_autofree char *fresh = fresh_state(fixture);
        g_assert_cmpstr(fresh, ==, last);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/state/changes", test_changes);
    g_test_add("/state/link-target", Fixture, NULL, set_up, test_link_target, tear_down);
    g_test_add("/state/times", Fixture, NULL, set_up, test_times, tear_down);
    g_test_add("/state/order", Fixture, NULL, set_up, test_order, tear_down);
    g_test_add("/state/operation", Fixture, NULL, set_up, test_operation, tear_down);
    return g_test_run();
}
