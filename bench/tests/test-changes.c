/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command changes of the root file system is part of the state, wherever it is. Needs namespaces, and root for all of
 * it; no QEMU, no libvirt. */
#include "run/host/changes.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "run/host/state.h"
#include "run/sandbox/sandbox.h"

/* The beginning of a library or program. */
#define CODE "\177ELF"

typedef struct {
    const char *path;
    const char *content;
    gboolean counts;
    gboolean everywhere; /* also if only the sandbox's own file systems can be changed */
} Case;

/* Whether this is test_parts(). */
static gboolean has_parts;

static const Case cases[] = {
    { "/etc/capprobe-test", "text", TRUE, FALSE },
    { "/usr/lib/capprobe-test", "text", TRUE, FALSE },
    { "/tmp/capprobe-test", "text", TRUE, FALSE },
    { "/root/capprobe-test", "text", TRUE, FALSE },
    { "/var/log/capprobe-test", "text", TRUE, FALSE },
    { "/var/cache/capprobe-test", "text", TRUE, FALSE },
    { "/var/lib/dpkg/capprobe-test", "text", FALSE, FALSE },
    { "/var/lib/dpkg/capprobe-test", CODE, TRUE, FALSE },
    { "/var/log/apt/capprobe-test", "text", FALSE, FALSE },
    { "/var/log/apt/deep/capprobe-test", CODE, TRUE, FALSE },
    { "/run/capprobe-test", "text", TRUE, TRUE },
    { "/run/deep/capprobe-test", "text", TRUE, TRUE },
    { "/run/libvirt/capprobe-test", "text", FALSE, TRUE },
    { "/run/libvirt/capprobe-test", CODE, TRUE, TRUE },
    { "/dev/capprobe-test", "text", TRUE, TRUE },
    { "/dev/shm/capprobe-test", "text", TRUE, TRUE },
    { CP_SANDBOX_TMP "/capprobe-test", "text", TRUE, TRUE },
    { CP_SANDBOX_PACKAGES "/capprobe-test", CODE, FALSE, TRUE },
};

/* --- in the sandbox's init --- */

/* Writes to a file, as a command would. */
static void
write_as_command(CpHost *host, const char *path, const char *content)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    FILE *file = fopen(path, "w");
    g_assert_nonnull(file);
    g_assert_cmpint(fputs(content, file), >=, 0);
    g_assert_cmpint(fclose(file), ==, 0);
    cp_changes_note_command(host);
}

static void
check_case(CpHost *host, const Case *test)
{
    g_autoptr(GError) error = NULL;
    if (!test->everywhere && !cp_changes_are_possible())
        return;
    g_assert_true(cp_host_reset(host, &error));
    g_autofree char *first = cp_host_state(host);
    /* The folder counts, too, if it is new. */
    g_autofree char *folder = g_path_get_dirname(test->path), *other = g_build_filename(folder, "other", NULL);
    write_as_command(host, other, "");
    g_assert_cmpint(unlink(other), ==, 0);
    g_autofree char *before = cp_host_state(host);
    write_as_command(host, test->path, test->content);
    g_autofree char *changed = cp_host_state(host);
    if (g_str_equal(before, changed) == test->counts)
        g_error("%s with '%s' %s", test->path, test->content, test->counts ? "does not count" : "counts");
    g_assert_true(cp_host_reset(host, &error));
    g_assert_false(g_file_test(test->path, G_FILE_TEST_EXISTS));
    g_autofree char *again = cp_host_state(host);
    g_assert_cmpstr(first, ==, again);
}

/* A file that is the tree's own is not looked at again after a command, until one writes to it. */
static void
check_remembered(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    struct stat st;
    g_assert_true(cp_host_reset(host, &error));
    g_assert_cmpint(stat(host->emulator, &st), ==, 0);
    g_autofree char *before = cp_host_state(host);
    cp_changes_note_command(host);
    g_autofree char *same = cp_host_state(host);
    g_assert_cmpstr(before, ==, same);
    if (!cp_changes_are_possible())
        return;
    g_assert_true(cp_changes_is_of_tree(host->emulator));

    const struct timespec times[] = { st.st_atim, st.st_mtim };
    write_as_command(host, host->emulator, "rotalume");
    g_assert_cmpint(utimensat(AT_FDCWD, host->emulator, times, 0), ==, 0);
    g_assert_false(cp_changes_is_of_tree(host->emulator));
    g_autofree char *written = cp_host_state(host);
    g_assert_cmpstr(before, !=, written);
    write_as_command(host, host->emulator, "emulator");
    g_autofree char *restored = cp_host_state(host);
    g_assert_cmpstr(before, ==, restored);
}

/* A folder that is moved to another one is a change; that is undone if it is moved back. */
static void
check_moved(CpHost *host)
{
    static const char from[] = "/usr/share/doc", to[] = "/usr/lib/capprobe-test";
    g_autoptr(GError) error = NULL;
    g_assert_true(cp_host_reset(host, &error));
    if (!cp_changes_are_possible() || !g_file_test(CP_SANDBOX_TREE "/usr/share/doc", G_FILE_TEST_IS_DIR))
        return;
    g_assert_cmpint(g_file_test("/usr/local/capprobe-test", G_FILE_TEST_EXISTS), ==, has_parts);
    g_autofree char *before = cp_host_state(host);
    g_assert_cmpint(rename(from, to), ==, 0);
    cp_changes_note_command(host);
    g_autofree char *moved = cp_host_state(host);
    g_assert_cmpstr(before, !=, moved);
    g_assert_cmpint(rename(to, from), ==, 0);
    cp_changes_note_command(host);
    g_autofree char *back = cp_host_state(host);
    g_assert_cmpstr(before, ==, back);
    g_assert_cmpint(rename(from, to), ==, 0);
    cp_changes_note_command(host);
    g_assert_true(cp_host_reset(host, &error));
    g_assert_true(g_file_test(from, G_FILE_TEST_IS_DIR));
}

static void
act_in_sandbox(gpointer data)
{
    const char *folder = data;
    g_autofree char *modules = g_build_filename(folder, "modules", NULL);
    g_autofree char *emulator = g_build_filename(folder, "emulator", NULL);
    g_autoptr(CpHost) host = cp_host_new(modules, emulator, "query", CP_KVM_OFF);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_case(host, &cases[i]);
    check_remembered(host);
    check_moved(host);
}

/* --- in the test --- */

static void
test_everything(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *modules = g_build_filename(folder, "modules", NULL);
    g_autofree char *emulator = folder_write(folder, "emulator", "emulator");
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(mkdir(modules, 0755), ==, 0);
    const CpSandboxSpec spec = { .module_dir = modules, .emulator = emulator, .changeable = TRUE };
    pid_t pid = cp_sandbox_spawn(&spec, act_in_sandbox, folder, &error);
    if (pid > 0) {
        int end;
        g_assert_cmpint(waitpid(pid, &end, 0), ==, pid);
        g_assert_cmpint(end, ==, 0);
    } else
        g_test_skip(error->message);
    g_assert_true(cp_host_remove_tree(folder, NULL));
}

/* The same on a host whose /usr is a file system of its own, with another one below it. */
static void
test_parts(void)
{
    if (geteuid() != 0) {
        g_test_skip("this takes root");
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        has_parts = TRUE;
        g_assert_cmpint(unshare(CLONE_NEWNS), ==, 0);
        g_assert_cmpint(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
        g_assert_cmpint(mount("/usr", "/usr", NULL, MS_BIND, NULL), ==, 0);
        g_assert_cmpint(mount("capprobe", "/usr/local", "tmpfs", 0, NULL), ==, 0);
        g_assert_true(g_file_set_contents("/usr/local/capprobe-test", "below", -1, NULL));
        test_everything();
        _exit(0);
    }
    int end;
    g_assert_cmpint(waitpid(pid, &end, 0), ==, pid);
    g_assert_cmpint(end, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/changes/all", test_everything);
    g_test_add_func("/changes/parts", test_parts);
    return g_test_run();
}
