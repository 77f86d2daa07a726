/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/input.h. */
#include "base/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"

static void
test_read(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = folder_write(folder, "file", "one\ntwo");
    g_autofree char *text = NULL;
    gsize length;

    g_assert_true(cp_input_read(file, &text, &length, NULL));
    g_assert_cmpmem(text, length + 1, "one\ntwo", 8);
    folder_end(folder);
}

static void
test_refuse(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *fifo = g_build_filename(folder, "fifo", NULL), *absent = g_build_filename(folder, "absent", NULL);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);

    /* Nobody writes to the FIFO: it is refused, and not waited for. */
    const struct {
        const char *file, *complaint;
    } cases[] = {
        { absent, "cannot be read: " },
        { folder, "not a regular file" },
        { fifo, "nothing comes out of this pipe" },
        { "/dev/zero", "not a regular file" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = g_strdup_printf("%s: %s", cases[i].file, cases[i].complaint);
        char *text = NULL;
        gsize length;
        g_assert_false(cp_input_read(cases[i].file, &text, &length, &error));
        g_assert_null(text);
        assert_refused(&error, expected);
    }
    folder_end(folder);
}

static void
test_limit(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = folder_write(folder, "file", "12345678");
    g_autofree char *sparse = folder_write(folder, "sparse", ""), *text = NULL, *none = NULL;
    g_autofree char *expected = g_strdup_printf("%s:1:1: the file is too long, expected at most 7 bytes", file);
    g_autoptr(GError) error = NULL;
    gsize length;

    g_assert_true(cp_input_read_limited(file, 8, &text, &length, &error));
    g_assert_cmpuint(length, ==, 8);
    g_assert_false(cp_input_read_limited(file, 7, &none, &length, &error));
    assert_refused(&error, expected);

    g_assert_cmpint(truncate(sparse, (off_t)1 << 40), ==, 0);
    g_assert_false(cp_input_read_limited(sparse, CP_INPUT_RECORD_MAX, &none, &length, &error));
    assert_refused(&error, sparse);
    g_assert_false(cp_input_read(sparse, &none, &length, &error));
    assert_refused(&error, sparse);
    g_assert_null(none);
    folder_end(folder);
}

/* A file whose size is said to be 0 is read to its end, or to the limit. */
static void
test_proc(void)
{
    g_autofree char *text = NULL, *none = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    g_assert_true(cp_input_read("/proc/self/status", &text, &length, &error));
    g_assert_cmpuint(length, >, 100);
    g_assert_false(cp_input_read_limited("/proc/self/status", 100, &none, &length, &error));
    assert_refused(&error, "/proc/self/status:1:1: the file is too long");
}

static gpointer
write_slowly(gpointer data)
{
    int fd = GPOINTER_TO_INT(data);
    g_autofree char *text = g_strnfill(200000, 'x');
    g_assert_cmpint(write(fd, text, 200000), ==, 200000);
    close(fd);
    return NULL;
}

/* A pipe by its name, as a shell's <(...) passes it, is read until its writer closes it; more fits in than it holds. */
static void
test_pipe(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL, *none = NULL;
    gsize length;
    int ends[2];

    for (int longest = 200000; longest >= 199999; longest--) {
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
        g_autofree char *name = g_strdup_printf("/dev/fd/%d", ends[0]);
        GThread *writer = g_thread_new("writer", write_slowly, GINT_TO_POINTER(ends[1]));
        if (longest == 200000) {
            g_assert_true(cp_input_read_limited(name, longest, &text, &length, &error));
            g_assert_no_error(error);
            g_assert_cmpuint(length, ==, 200000);
        } else {
            g_assert_false(cp_input_read_limited(name, longest, &none, &length, &error));
            assert_refused(&error, name);
        }
        g_thread_join(writer);
        close(ends[0]);
    }
}

/* A pipe that is opened can be read again. */
static void
test_open(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = folder_write(folder, "file", "one\ntwo");
    g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
    g_autoptr(GError) error = NULL;
    char text[8] = "";
    int ends[2];
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);

    FILE *in = cp_input_open(file, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(fread(text, 1, sizeof(text), in), ==, 7);
    fclose(in);
    g_assert_cmpstr(text, ==, "one\ntwo");
    g_assert_null(cp_input_open(folder, &error));
    assert_refused(&error, folder);
    g_assert_null(cp_input_open(fifo, &error));
    assert_refused(&error, fifo);

    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    g_autofree char *name = g_strdup_printf("/dev/fd/%d", ends[0]), *content = g_malloc0(200001);
    GThread *writer = g_thread_new("writer", write_slowly, GINT_TO_POINTER(ends[1]));
    in = cp_input_open(name, &error);
    g_assert_no_error(error);
    g_thread_join(writer);
    close(ends[0]);
    for (int i = 0; i < 2; i++) {
        rewind(in);
        g_assert_cmpuint(fread(content, 1, 200001, in), ==, 200000);
        g_assert_cmpint(content[199999], ==, 'x');
    }
    fclose(in);
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/input/read", test_read);
    g_test_add_func("/input/refuse", test_refuse);
    g_test_add_func("/input/limit", test_limit);
    g_test_add_func("/input/proc", test_proc);
    g_test_add_func("/input/pipe", test_pipe);
    g_test_add_func("/input/open", test_open);
    return g_test_run();
}
