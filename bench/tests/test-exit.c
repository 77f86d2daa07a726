/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/exit.h. */
#include "base/exit.h"

#include "helper.h"

/* The rows ascend; 2 is never used. */
static void
test_table(void)
{
    int last = -1;
    for (const CpExitMeaning *meaning = cp_exit_meanings; meaning->text; meaning++) {
        g_assert_cmpint(meaning->status, >, last);
        g_assert_cmpstr(meaning->text, !=, "");
        last = meaning->status;
    }
    g_assert_cmpint(last, ==, 255);
}

static void
test_known(void)
{
    static const gint64 known[] = { 0, 1, 125, 130, 254, 255 },
                        unknown[] = { -1, 2, 3, 126, 134, 139, 256, G_MAXINT64 };
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_true(cp_exit_is_known(known[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++)
        g_assert_false(cp_exit_is_known(unknown[i]));
}

static void
test_describe(void)
{
    g_autofree char *text = cp_exit_describe();
    g_assert_true(g_str_has_prefix(text, "    0  success"));
    g_assert_nonnull(strstr(text, "\n  125  could not be tested here"));
    g_assert_true(g_str_has_suffix(text, "\n  255  capprobe itself failed\n"));
}

static void
test_styles(void)
{
    static const struct {
        const char *style;
        int ends_with[6];
    } cases[] = {
        { "plain", { 0, 1, 125, 130, 254, 255 } },
        { "test", { 0, 1, 77, 130, 254, 255 } },
        { "nagios", { 0, 2, 3, 3, 3, 3 } },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CpExitStyle style;
        g_assert_true(cp_exit_parse_style(cases[i].style, &style));
        for (gsize j = 0; cp_exit_meanings[j].text; j++)
            g_assert_cmpint(cp_exit_translate(style, cp_exit_meanings[j].status), ==, cases[i].ends_with[j]);
    }
    CpExitStyle style;
    g_assert_false(cp_exit_parse_style("Nagios", &style));
    g_assert_false(cp_exit_parse_style("", &style));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exit/table", test_table);
    g_test_add_func("/exit/known", test_known);
    g_test_add_func("/exit/describe", test_describe);
    g_test_add_func("/exit/styles", test_styles);
    return g_test_run();
}
