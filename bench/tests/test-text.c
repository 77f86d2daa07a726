/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/text.h. */
#include "base/text.h"

#include "helper.h"

static void
test_printable(void)
{
    static const struct {
        const char *text, *printable;
    } cases[] = {
        { "", "" },
        { "a \xc2\xb5 \\ b", "a \xc2\xb5 \\ b" },
        { "a\n\x1b[2J\xc2\x85", "a\\u000a\\u001b[2J\\u0085" },
        { "a\rb\tc\x7f", "a\\u000db\\u0009c\\u007f" },
        { "\xe2\x80\xae"
          "abc\xe2\x80\xa8",
          "\\u202eabc\\u2028" }, /* right-to-left override, line separator */
        { "a\xff", "a\xef\xbf\xbd" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *printable = cp_text_printable(cases[i].text);
        g_assert_cmpstr(printable, ==, cases[i].printable);
    }
}

static void
test_print_line(void)
{
    Memory memory = { 0 };
    cp_text_print_line(memory_begin(&memory), "%d %s", 7, "\x1b[31m\n\xff");
    memory_end(&memory, "7 \\u001b[31m\\u000a\xef\xbf\xbd\n");
}

static void
test_compare(void)
{
    const char *a = "a", *b = "b";
    g_assert_cmpint(cp_text_compare(&a, &b), <, 0);
    g_assert_cmpint(cp_text_compare(&b, &a), >, 0);
    g_assert_cmpint(cp_text_compare(&a, &a), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/printable", test_printable);
    g_test_add_func("/text/print-line", test_print_line);
    g_test_add_func("/text/compare", test_compare);
    return g_test_run();
}
