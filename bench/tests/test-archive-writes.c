/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of archives: a process that is killed while it writes, and a disk that is full, at every write. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive-results.h"

#include "archive/export.h"
#include "base/process-end.h"

#define RESULTS 6

/* What becomes of writes once `left` is used up. */
typedef enum { KILL, FULL } Fault;

static Fault fault;
static int left = G_MAXINT;

/* Whether the write that comes now does not go well. If the process is to be killed, half of it is written before. */
static gboolean
fails(int fd, const void *bytes, size_t n, off_t offset)
{
    if (left-- > 0)
        return FALSE;
    left = 0;
    if (fault == KILL) {
        g_assert_cmpint(pwrite(fd, bytes, n / 2, offset), ==, n / 2);
        raise(SIGKILL);
    }
    errno = ENOSPC;
    return TRUE;
}

static ssize_t
faulty_write(int fd, const void *bytes, size_t n)
{
    return fails(fd, bytes, n, lseek(fd, 0, SEEK_CUR)) ? -1 : write(fd, bytes, n);
}

static ssize_t
faulty_pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
    return fails(fd, bytes, n, offset) ? -1 : pwrite(fd, bytes, n, offset);
}

/* Has SQLite write by the functions above. */
static void
plant(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    vfs->xSetSystemCall(vfs, "write", (sqlite3_syscall_ptr)faulty_write);
    for (const char *const *name = (const char *const[]){ "pwrite", "pwrite64", NULL }; *name; name++) {
        if (vfs->xGetSystemCall(vfs, *name))
            vfs->xSetSystemCall(vfs, *name, (sqlite3_syscall_ptr)faulty_pwrite);
    }
}

typedef struct {
    char *results, *folder; /* folders: of the files to add, and of the archive */
    char *files[RESULTS];
} Scratch;

static void
begin(Scratch *scratch)
{
    scratch->results = folder_begin();
    scratch->folder = folder_begin();
    for (guint i = 0; i < RESULTS; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        scratch->files[i] = result_write(scratch->results, name, i, 10 + i);
    }
}

static void
end(Scratch *scratch)
{
    for (guint i = 0; i < RESULTS; i++)
        g_free(scratch->files[i]);
    folder_end(scratch->results);
    g_free(scratch->results);
    g_free(scratch->folder);
}

static void
forget_archive(const char *folder)
{
    static const char *const names[] = { "archive", "archive-wal", "archive-shm", "archive-journal" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        unlink(path);
    }
}

/* Asserts that the archive is whole and has the first `n` results or, if `one_more`, perhaps the next one, each as it was added.
 * Then adds all. */
static void
check_archive(const Scratch *scratch, guint n, gboolean one_more)
{
    g_autoptr(CpArchive) archive = archive_open(scratch->folder);
    g_autoptr(sqlite3_stmt) check = cp_archive_prepare(archive, NULL, "PRAGMA integrity_check", "");
    gboolean row;
    g_assert_true(cp_archive_step(archive, check, &row, NULL));
    g_assert_cmpstr((const char *)sqlite3_column_text(check, 0), ==, "ok");
    g_clear_pointer(&check, sqlite3_finalize);

    guint there = archive_number(archive, "SELECT count(*) FROM result");
    g_assert_true(there == n || (one_more && there == n + 1));
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM document"), ==, there);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM part"), ==, there);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM figure"), ==, 4 * there);
    for (guint i = 0; i < RESULTS; i++)
        archive_add(archive, scratch->files[i], i + 1, i < there);
    for (guint i = 0; i < RESULTS; i++) {
        g_autofree char *text = NULL;
        Memory memory;
        g_assert_true(g_file_get_contents(scratch->files[i], &text, NULL, NULL));
        g_assert_true(cp_archive_export_result(archive, i + 1, memory_begin(&memory), NULL));
        memory_end(&memory, text);
    }
}

/* Adds all results, and tells of each by a byte. */
G_NORETURN static void
add_and_tell(const Scratch *scratch, int to)
{
    g_autoptr(CpArchive) archive = archive_open(scratch->folder);
    for (guint i = 0; i < RESULTS; i++) {
        archive_add(archive, scratch->files[i], i + 1, FALSE);
        g_assert_cmpint(write(to, "", 1), ==, 1);
    }
    g_clear_pointer(&archive, cp_archive_close);
    cp_process_end(0);
}

/* A process is killed in its first write, its second, and so on: what it has told of is in the archive. */
static void
test_kill(void)
{
    Scratch scratch;
    int status = -1;
    guint kills = 0;
    begin(&scratch);
    fault = KILL;
    while (status != 0) {
        int pipe_fds[2];
        char byte;
        guint told = 0;
        g_assert_cmpint(pipe(pipe_fds), ==, 0);
        pid_t pid = fork();
        if (pid == 0) {
            left = kills;
            close(pipe_fds[0]);
            add_and_tell(&scratch, pipe_fds[1]);
        }
        close(pipe_fds[1]);
        while (read(pipe_fds[0], &byte, 1) == 1)
            told++;
        close(pipe_fds[0]);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        if (status != 0) {
            g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
            kills++;
        }
        check_archive(&scratch, told, TRUE);
        forget_archive(scratch.folder);
    }
    g_test_message("killed %u times", kills);
    g_assert_cmpuint(kills, >=, 100);
    remove(scratch.folder);
    end(&scratch);
}

/* The disk is full from the first write on, from the second on, and so on: that is said, and what was added before is there. */
static void
test_full(void)
{
    Scratch scratch;
    guint refused = 0;
    begin(&scratch);
    fault = FULL;
    for (int writes = 0;; writes++) {
        g_autofree char *file = g_build_filename(scratch.folder, "archive", NULL);
        g_autoptr(GError) error = NULL;
        guint n = 0;
        left = writes;
        g_autoptr(CpArchive) archive = cp_archive_open(file, TRUE, &error);
        CpAdded added;
        while (archive && n < RESULTS && cp_archive_add(archive, scratch.files[n], NULL, &added, &error))
            n++;
        g_clear_pointer(&archive, cp_archive_close);
        gboolean all = left > 0;
        left = G_MAXINT;
        if (error) {
            assert_error(&error, CP_ERROR_FAILED, file);
            refused++;
        }
        check_archive(&scratch, n, FALSE);
        forget_archive(scratch.folder);
        if (all)
            break;
    }
    g_assert_cmpuint(refused, >=, 50);
    remove(scratch.folder);
    end(&scratch);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* Where nothing has to reach a disk, which would take most of the time. */
    if (access("/dev/shm", W_OK) == 0)
        g_setenv("TMPDIR", "/dev/shm", TRUE);
    plant();
    g_test_add_func("/archive-writes/kill", test_kill);
    g_test_add_func("/archive-writes/full", test_full);
    return g_test_run();
}
