/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of scenario/scenario.h, but for the parser. */
#include "scenario/scenario.h"

#include <sys/stat.h>

#include "helper.h"

#define START "start\nread\n" /* the shortest valid scenario */

static CpScenario *
parse(const char *text, GError **error)
{
    return cp_scenario_parse("F", text, strlen(text), error);
}

static void
test_load(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *missing = g_build_filename(folder, "missing.scn", NULL);
    g_autofree char *no_file = g_strdup_printf("%s: cannot be read: ", missing);
    g_autofree char *no_regular = g_strdup_printf("%s: not a regular file", folder);
    g_autoptr(GError) error = NULL;

    g_assert_null(cp_scenario_load(missing, &error));
    assert_refused(&error, no_file);
    g_assert_null(cp_scenario_load(folder, &error));
    assert_refused(&error, no_regular);
    folder_end(folder);
    cp_scenario_free(NULL);
}

static void
test_names(void)
{
    static const struct {
        const char *file, *name;
    } cases[] = {
        { "some.scn", "some" },         { "a/b/some.scn", "some" },
        { "a/b/some", "some" },         { "some.txt", "some.txt" },
        { "some.scn.scn", "some.scn" }, { "corpus/bugs/same-second/repro.scn", "same-second" },
        { "/x/repro.scn", "x" },        { "my-repro.scn", "my-repro" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpScenario) scenario = cp_scenario_parse(cases[i].file, START, strlen(START), NULL);
        g_assert_cmpstr(scenario->name, ==, cases[i].name);
        g_assert_cmpstr(scenario->file, ==, cases[i].file);
    }
}

/* Names of files that are not UTF-8 are made so for histories and messages. The file itself, and those that its steps
 * name, are still found. */
static void
test_not_utf8(void)
{
    g_autofree char *top = folder_begin();
    g_autofree char *folder = g_build_filename(top, "d\xff", NULL),
                    *shown = g_build_filename(top, "d\xef\xbf\xbd", NULL);
    g_assert_cmpint(mkdir(folder, 0700), ==, 0);
    g_autofree char *content = folder_write(folder, "content", "<x/>"), *file = NULL, *repro = NULL, *bad = NULL;
    g_autofree char *shown_file = g_build_filename(shown, "b\xef\xbf\xbd\xef\xbf\xbd.scn", NULL);
    g_autofree char *complaint = g_strdup_printf("%s/bad.scn:1:1: unknown word", shown);
    g_autoptr(GError) error = NULL;
    file = folder_write(folder, "b\xff\xfe.scn", START "write-cache content\n");
    repro = folder_write(folder, "repro.scn", START);
    bad = folder_write(folder, "bad.scn", "raed");

    g_autoptr(CpScenario) scenario = cp_scenario_load(file, &error), other = cp_scenario_load(repro, NULL);
    g_assert_no_error(error);
    g_assert_cmpstr(scenario->name, ==, "b\xef\xbf\xbd\xef\xbf\xbd");
    g_assert_cmpstr(scenario->file, ==, shown_file);
    g_assert_cmpstr(other->name, ==, "d\xef\xbf\xbd");
    g_assert_null(cp_scenario_load(bad, &error));
    assert_refused(&error, complaint);
    folder_end(folder);
    folder_end(top);
}

static gboolean
visit(const CpStep *step, gpointer data)
{
    GString *seen = data;
    int arg = -1;
    const char *module = cp_step_module(step, &arg);
    g_string_append_printf(seen, "%u%s%s%.*d ", step->line, module ? module : "", module ? "@" : "", module ? 1 : 0,
                           module ? arg : 0);
    return step->operation->op != CP_OP_ALIGN;
}

static void
test_each(void)
{
    static const struct {
        const char *text, *seen;
        gboolean all;
    } cases[] = {
        { "needs kvm\nneeds module a\nstart\nrepeat 2 {\n read {\n  remove b\n }\n}\nchmod c 644\nexpect has d e\n"
          "dpkg remove f\nimage tar with g\n",
          "1 2a@1 3 4 5 6b@0 9c@0 10 11f@1 12g@2 ", TRUE },
        { "start\nrepeat 2 {\nalign\nread\n}\nread", "1 2 3 ", FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(CpScenario) scenario = parse(cases[i].text, NULL);
        g_assert_cmpint(cp_scenario_each(scenario, visit, seen), ==, cases[i].all);
        g_assert_cmpstr(seen->str, ==, cases[i].seen);
    }
}

static void
test_refuse(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpScenario) scenario = parse(START "  chmod  m 644", NULL);
    const CpStep *step = scenario->steps->pdata[2];

    for (int arg = -1; arg < 2; arg++) {
        static const char *const expected[] = { "F:3:3: no -1", "F:3:10: no 0", "F:3:12: no 1" };
        g_assert_false(cp_scenario_refuse(scenario, step, arg, &error, "no %d", arg));
        assert_refused(&error, expected[arg + 1]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenario/load", test_load);
    g_test_add_func("/scenario/names", test_names);
    g_test_add_func("/scenario/not-utf8", test_not_utf8);
    g_test_add_func("/scenario/each", test_each);
    g_test_add_func("/scenario/refuse", test_refuse);
    return g_test_run();
}
