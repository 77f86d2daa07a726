/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/output.h with what is not a plain file: links, pipes, sockets, devices, standard output. */
#include "written.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static mode_t
kind_of(const char *path)
{
    struct stat status;
    g_assert_cmpint(lstat(path, &status), ==, 0);
    return status.st_mode & S_IFMT;
}

/* A link stays a link; the file that it points to is replaced, or made. */
static void
test_link(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *target = folder_write(folder, "target", "before");
    g_autofree char *link = g_build_filename(folder, "link", NULL), *two = g_build_filename(folder, "two", NULL);
    g_autofree char *dangling = g_build_filename(folder, "dangling", NULL);
    g_autofree char *new = g_build_filename(folder, "new", NULL), *loop = g_build_filename(folder, "loop", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(symlink("target", link), ==, 0);
    g_assert_cmpint(symlink(link, two), ==, 0);
    g_assert_cmpint(symlink("new", dangling), ==, 0);
    g_assert_cmpint(symlink("loop", loop), ==, 0);
    write_out(two, "after");
    write_out(dangling, "made");
    assert_holds(target, "after");
    assert_holds(new, "made");
    g_assert_cmpint(kind_of(link), ==, S_IFLNK);
    g_assert_cmpint(kind_of(two), ==, S_IFLNK);
    g_assert_cmpint(kind_of(dangling), ==, S_IFLNK);
    g_assert_null(cp_output_begin(loop, &error));
    assert_refused(&error, loop);
    assert_lists(folder, "dangling link loop new target two");
    folder_end(folder);
}

/* Mode, owner and group of a replaced file are kept. */
static void
test_mode_and_owner(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before");
    struct stat before, after;

    g_assert_cmpint(chmod(path, 0604), ==, 0);
    if (geteuid() == 0)
        g_assert_cmpint(chown(path, 12, 34), ==, 0);
    g_assert_cmpint(stat(path, &before), ==, 0);
    write_out(path, "after");
    assert_holds(path, "after");
    g_assert_cmpint(stat(path, &after), ==, 0);
    g_assert_cmpint(after.st_mode, ==, before.st_mode);
    g_assert_cmpint(after.st_uid, ==, before.st_uid);
    g_assert_cmpint(after.st_gid, ==, before.st_gid);
    folder_end(folder);
}

static void
test_fifo(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = g_build_filename(folder, "fifo", NULL);
    char text[16] = "";

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_true(cp_output_check(path, NULL));
    int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    write_out(path, "text");
    g_assert_cmpint(kind_of(path), ==, S_IFIFO);
    g_assert_cmpint(read(reader, text, sizeof(text)), ==, 4);
    g_assert_cmpstr(text, ==, "text");
    close(reader);
    assert_lists(folder, "fifo");
    folder_end(folder);
}

static void
test_socket(void)
{
    g_autofree char *folder = folder_begin();
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    g_autofree char *path = g_build_filename(folder, "socket", NULL);
    g_autofree char *expected = g_strdup_printf("%s: is a socket", path);
    g_autoptr(GError) error = NULL;

    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)), ==, 0);
    g_assert_null(cp_output_begin(path, &error));
    assert_refused(&error, expected);
    g_assert_false(cp_output_check(path, &error));
    assert_refused(&error, expected);
    g_assert_cmpint(kind_of(path), ==, S_IFSOCK);
    close(fd);
    folder_end(folder);
}

/* Makes a device like /dev/full in `folder`, so that the machine's own is never at risk. NULL if that is not allowed. */
static char *
make_full(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "full", NULL);
    int fd = mknod(path, S_IFCHR | 0666, makedev(1, 7)) == 0 ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return NULL;
    close(fd);
    return g_steal_pointer(&path);
}

static void
test_device(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = make_full(folder), *expected = g_strdup_printf("%s: could not be written: ", path);
    g_autoptr(GError) error = NULL;

    if (path) {
        g_assert_true(cp_output_check(path, NULL));
        g_assert_true(cp_output_check_distinct(path, path, NULL));
        CpOutput *output = cp_output_begin(path, NULL);
        fputs("text", cp_output_stream(output));
        g_assert_false(cp_output_commit(output, &error));
        assert_error(&error, CP_ERROR_FAILED, expected);
        g_assert_cmpint(kind_of(path), ==, S_IFCHR);
        assert_lists(folder, "full");
    } else {
        g_test_skip("no device can be made here");
    }
    folder_end(folder);
}

/* Makes standard output another file; the old one is returned, for stdout_end(). */
static int
stdout_begin(const char *path)
{
    fflush(stdout);
    int old = dup(STDOUT_FILENO), fd = open(path, O_WRONLY | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(dup2(fd, STDOUT_FILENO), ==, STDOUT_FILENO);
    close(fd);
    return old;
}

static void
stdout_end(int old)
{
    fflush(stdout);
    g_assert_cmpint(dup2(old, STDOUT_FILENO), ==, STDOUT_FILENO);
    clearerr(stdout);
    close(old);
}

/* "-" is standard output, and so is each other name of the file that it writes to: what was printed before stays. The
 * link stands for /dev/stdout, which is not put at risk. */
static void
test_stdout(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "out", ""), *link = g_build_filename(folder, "link", NULL);
    const char *const names[] = { "-", link, "/proc/self/fd/1", path };
    g_autoptr(GString) expected = g_string_new("");

    g_assert_cmpint(symlink("/proc/self/fd/1", link), ==, 0);
    int old = stdout_begin(path);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        gboolean checked = cp_output_check(names[i], NULL);
        printf("printed, ");
        CpOutput *output = cp_output_begin(names[i], NULL);
        fputs("written\n", cp_output_stream(output));
        gboolean written = cp_output_commit(output, NULL);
        g_string_append(expected, checked && written ? "printed, written\n" : "failed");
    }
    stdout_end(old);
    assert_holds(path, expected->str);
    g_assert_cmpint(kind_of(link), ==, S_IFLNK);
    folder_end(folder);
}

/* A descriptor by its name in /proc is written to: its file keeps what it holds. */
static void
test_descriptor(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "old", "before ");
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    g_autofree char *name = g_strdup_printf("/dev/fd/%d", fd);

    write_out(name, "after");
    assert_holds(path, "before after");
    close(fd);
    folder_end(folder);
}

static void
test_finish_stdout(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *path = folder_write(folder, "out", ""), *made = make_full(folder);
    const char *device = made ? made : "/dev/full";
    g_autoptr(GError) full = NULL, lost = NULL, closed = NULL;
    int ends[2], old = stdout_begin(path);
    printf("text");
    gboolean well = cp_output_finish_stdout(NULL);
    stdout_end(old);
    g_assert_true(well);
    assert_holds(path, "text");

    old = stdout_begin(device);
    printf("text");
    well = cp_output_finish_stdout(&full);
    stdout_end(old);
    g_assert_false(well);
    assert_error(&full, CP_ERROR_FAILED, "standard output: could not be written: No space left on device");

    /* An error that came before, in the middle of the text, counts as well. */
    old = stdout_begin(device);
    printf("text");
    fflush(stdout);
    well = cp_output_finish_stdout(&lost);
    stdout_end(old);
    g_assert_false(well);
    assert_error(&lost, CP_ERROR_FAILED, "standard output: could not be written: ");

    old = stdout_begin("/dev/null");
    close(STDOUT_FILENO);
    printf("text");
    well = cp_output_finish_stdout(&closed);
    stdout_end(old);
    g_assert_false(well);
    assert_error(&closed, CP_ERROR_FAILED, "standard output: could not be written: Bad file descriptor");

    /* The reader of a pipe may go away at any time. */
    signal(SIGPIPE, SIG_IGN);
    g_assert_cmpint(pipe(ends), ==, 0);
    close(ends[0]);
    old = stdout_begin("/dev/null");
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    printf("text");
    well = cp_output_finish_stdout(NULL);
    stdout_end(old);
    g_assert_true(well);
    folder_end(folder);
}

static void
test_distinct(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *one = folder_write(folder, "one", ""), *two = folder_write(folder, "two", "");
    g_autofree char *link = g_build_filename(folder, "link", NULL),
                    *detour = g_build_filename(folder, ".", "one", NULL);
    g_autofree char *new = g_build_filename(folder, "new", NULL), *other = g_build_filename(folder, "other", NULL);
    g_autofree char *to_new = g_build_filename(folder, "to-new", NULL);
    g_assert_cmpint(symlink("one", link), ==, 0);
    g_assert_cmpint(symlink("new", to_new), ==, 0);

    const struct {
        const char *a, *b;
        gboolean distinct;
    } cases[] = {
        { one, two, TRUE },   { one, one, FALSE }, { one, link, FALSE },   { detour, link, FALSE },
        { new, other, TRUE }, { new, new, FALSE }, { to_new, new, FALSE }, { new, one, TRUE },
        { NULL, one, TRUE },  { one, NULL, TRUE }, { NULL, NULL, TRUE },   { "/dev/null", "/dev/null", TRUE },
        { "-", one, TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s %s", cases[i].a, cases[i].b);
        g_assert_cmpint(cp_output_check_distinct(cases[i].a, cases[i].b, &error), ==, cases[i].distinct);
        if (!cases[i].distinct) {
            g_autofree char *expected = g_strdup_printf("%s: is the same file as %s, expected", cases[i].a, cases[i].b);
            assert_refused(&error, expected);
        }
    }

    int old = stdout_begin(one);
    gboolean twice = cp_output_check_distinct("-", "-", NULL), by_name = cp_output_check_distinct(one, "-", NULL);
    stdout_end(old);
    g_assert_false(twice);
    g_assert_false(by_name);
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/link", test_link);
    g_test_add_func("/output/mode-and-owner", test_mode_and_owner);
    g_test_add_func("/output/fifo", test_fifo);
    g_test_add_func("/output/socket", test_socket);
    g_test_add_func("/output/device", test_device);
    g_test_add_func("/output/stdout", test_stdout);
    g_test_add_func("/output/descriptor", test_descriptor);
    g_test_add_func("/output/finish-stdout", test_finish_stdout);
    g_test_add_func("/output/distinct", test_distinct);
    return g_test_run();
}
