/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/duration.h. */
#include "base/duration.h"

static void
test_parse(void)
{
    static const struct {
        const char *text;
        gint64 ns; /* -1 for a refusal */
    } cases[] = {
        { "0ms", 0 },
        { "1ms", CP_NS_PER_MS },
        { "200ms", 200 * CP_NS_PER_MS },
        { "1100ms", 1100 * CP_NS_PER_MS },
        { "2s", 2 * CP_NS_PER_S },
        { "007s", 7 * CP_NS_PER_S },
        { "3600s", 3600 * CP_NS_PER_S },
        { "3600000ms", 3600 * CP_NS_PER_S },
        { "3601s", -1 },
        { "3600001ms", -1 },
        { "18446744073709551616s", -1 },
        { "99999999999999999999999999ms", -1 },
        { "", -1 },
        { "2", -1 },
        { "s", -1 },
        { "ms", -1 },
        { "-1s", -1 },
        { "+1s", -1 },
        { " 1s", -1 },
        { "1 s", -1 },
        { "1s ", -1 },
        { "1S", -1 },
        { "1.5s", -1 },
        { "0x10s", -1 },
        { "1m", -1 },
        { "1us", -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 ns = -1;
        g_test_message("'%s'", cases[i].text);
        g_assert_cmpint(cp_duration_parse(cases[i].text, &ns), ==, cases[i].ns >= 0);
        g_assert_cmpint(ns, ==, cases[i].ns);
    }
}

static void
test_format(void)
{
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        { 0, "0.00 ns" },           { 0.5, "0.50 ns" },    { 1, "1.00 ns" },       { 85, "85.0 ns" },
        { 612, "612 ns" },          { 999.4, "999 ns" },   { 999.6, "1.00 µs" },   { 1000, "1.00 µs" },
        { 9994, "9.99 µs" },        { 9996, "10.0 µs" },   { 85000, "85.0 µs" },   { 99960, "100 µs" },
        { 612e6, "612 ms" },        { 999.4e6, "999 ms" }, { 999.7e6, "1.00 s" },  { 1.24e9, "1.24 s" },
        { 9.996e9, "10.0 s" },      { 3600e9, "3600 s" },  { -1.5e6, "-1.50 ms" }, { -999.7e6, "-1.00 s" },
        { 9.2e18, "9200000000 s" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = cp_duration_format(cases[i].ns);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void
test_now(void)
{
    gint64 before = cp_now_ns();
    g_assert_cmpint(before, >, 0);
    g_assert_cmpint(cp_now_ns(), >=, before);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/duration/parse", test_parse);
    g_test_add_func("/duration/format", test_format);
    g_test_add_func("/duration/now", test_now);
    return g_test_run();
}
