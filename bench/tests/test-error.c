/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/error.h. */
#include "helper.h"

#include <errno.h>

static void
test_exit(void)
{
    static const struct {
        CpError code;
        CpExit exit;
    } cases[] = {
        { CP_ERROR_USAGE, CP_EXIT_USAGE },
        { CP_ERROR_UNTESTABLE, CP_EXIT_UNTESTABLE },
        { CP_ERROR_FAILED, CP_EXIT_FAILED },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = g_error_new_literal(CP_ERROR, cases[i].code, "");
        g_assert_cmpint(cp_error_exit(error), ==, cases[i].exit);
    }
    g_autoptr(GError) option = g_error_new_literal(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "");
    g_assert_cmpint(cp_error_exit(option), ==, CP_EXIT_USAGE);
    g_autoptr(GError) other = g_error_new_literal(G_FILE_ERROR, 0, "");
    g_assert_cmpint(cp_error_exit(other), ==, CP_EXIT_FAILED);
}

static void
test_errno(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strdup_printf("no 7: %s", g_strerror(ENOENT));
    g_assert_false(cp_error_set_errno(&error, CP_ERROR_UNTESTABLE, ENOENT, "no %d", 7));
    assert_error(&error, CP_ERROR_UNTESTABLE, expected);
    g_assert_false(cp_error_set_errno(NULL, CP_ERROR_FAILED, ENOENT, "ignored"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/exit", test_exit);
    g_test_add_func("/error/errno", test_errno);
    return g_test_run();
}
