/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/input.h"

#include <sys/stat.h>

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

    const struct {
        const char *file, *complaint;
    } cases[] = {
        { absent, "cannot be read: " },
        { folder, "not a regular file" },
        { fifo, "not a regular file" },
        { "/dev/null", "not a regular file" },
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/input/read", test_read);
    g_test_add_func("/input/refuse", test_refuse);
    return g_test_run();
}
