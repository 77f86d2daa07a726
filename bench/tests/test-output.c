/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/output.h with plain files. */
#include "written.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static void
test_commit(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "new", NULL);
    g_autoptr(GError) error = NULL;
    struct stat status;
    mode_t mask = umask(027);

    CpOutput *output = begin(path, "text\n");
    assert_lists(folder, "");
    g_assert_true(cp_output_commit(output, &error));
    g_assert_no_error(error);
    assert_lists(folder, "new");
    assert_holds(path, "text\n");
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);

    umask(mask);
    folder_end(folder);
}

static void
test_replace(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before");

    CpOutput *output = begin(path, "after");
    assert_holds(path, "before");
    assert_lists(folder, "old");
    g_assert_true(cp_output_commit(output, NULL));
    assert_holds(path, "after");
    assert_lists(folder, "old");
    folder_end(folder);
}

static void
test_discard(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before");
    g_autofree char *other = g_build_filename(folder, "new", NULL);

    cp_output_discard(begin(path, "after"));
    cp_output_discard(begin(other, "after"));
    cp_output_discard(NULL);
    assert_holds(path, "before");
    assert_lists(folder, "old");
    folder_end(folder);
}

/* A file that appears under the name between begin and commit is replaced like an older one. */
static void
test_overtaken(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "new", NULL);

    CpOutput *output = begin(path, "mine");
    g_free(folder_write(folder, "new", "another's"));
    g_assert_true(cp_output_commit(output, NULL));
    assert_holds(path, "mine");
    assert_lists(folder, "new");
    folder_end(folder);
}

static void
test_refuse(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *within = g_build_filename(folder, "missing", "file", NULL);
    g_autofree char *file = folder_write(folder, "file", ""), *below = g_build_filename(file, "below", NULL);
    const struct {
        const char *path, *complaint;
    } cases[] = {
        { folder, "is a folder, expected the name of a file to write" },
        { within, "cannot be written: " },
        { below, "cannot be written: " },
        { "", "cannot be written: " },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = g_strdup_printf("%s: %s", cases[i].path, cases[i].complaint);
        g_assert_null(cp_output_begin(cases[i].path, &error));
        assert_refused(&error, expected);
    }
    assert_lists(folder, "file");
    folder_end(folder);
}

/* The commit fails if there is a folder of that name by then, or the folder around it is gone. */
static void
test_commit_fails(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "taken", NULL);
    g_autofree char *expected = g_strdup_printf("%s: could not be written: ", path);
    g_autoptr(GError) error = NULL;

    CpOutput *output = begin(path, "text");
    g_assert_cmpint(mkdir(path, 0700), ==, 0);
    g_assert_false(cp_output_commit(output, &error));
    assert_error(&error, CP_ERROR_FAILED, expected);
    assert_lists(folder, "taken");
    g_assert_cmpint(rmdir(path), ==, 0);

    output = begin(path, "text");
    folder_end(folder);
    g_assert_false(cp_output_commit(output, &error));
    assert_error(&error, CP_ERROR_FAILED, expected);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

/* A file that could not be written completely does not appear. */
static void
test_write_fails(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before");

    struct rlimit before, narrow;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    narrow = (struct rlimit){ .rlim_cur = 2, .rlim_max = before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);

    CpOutput *output = begin(path, "");
    g_autoptr(GError) error = NULL;
    fputs("after", cp_output_stream(output));
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &narrow), ==, 0);
    gboolean written = cp_output_commit(output, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);

    g_assert_false(written);
    g_assert_error(error, CP_ERROR, CP_ERROR_FAILED);
    assert_holds(path, "before");
    assert_lists(folder, "old");
    folder_end(folder);
}

static void
test_refuse_read_only(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before");
    g_autofree char *expected = g_strdup_printf("%s: cannot be written: ", path);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(chmod(path, 0400), ==, 0);
    /* Root may write to all files. */
    uid_t own = geteuid(), other = own == 0 ? 65534 : own;
    g_assert_cmpint(chmod(folder, 0777), ==, 0);
    g_assert_cmpint(own == 0 ? chown(path, other, -1) : 0, ==, 0);
    g_assert_cmpint(seteuid(other), ==, 0);
    gboolean accepted = cp_output_check(path, &error);
    g_assert_cmpint(seteuid(own), ==, 0);
    g_assert_false(accepted);
    assert_refused(&error, expected);
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/commit", test_commit);
    g_test_add_func("/output/replace", test_replace);
    g_test_add_func("/output/discard", test_discard);
    g_test_add_func("/output/overtaken", test_overtaken);
    g_test_add_func("/output/refuse", test_refuse);
    g_test_add_func("/output/commit-fails", test_commit_fails);
    g_test_add_func("/output/write-fails", test_write_fails);
    g_test_add_func("/output/read-only", test_refuse_read_only);
    return g_test_run();
}
