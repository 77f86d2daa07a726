/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what measure/result.h says is wrong. */
#include "measure/result.h"

#include "small-result.h"

/* At most 100 problems are kept per scenario. */
static void
test_problems(void)
{
    g_autoptr(GString) text = g_string_new(HISTORY SCENARIO ANSWER("a", "<a/>") TRUTH("A", "a") ROUND("A", 0));
    for (int i = 0; i < 101; i++)
        g_string_append(text, READ_ERROR(1, 1, 0));
    g_string_append(text, END(0, ""));
    g_autoptr(GPtrArray) history = events_of(text->str, NULL);
    g_autoptr(CpResult) result = result_of(history);
    const CpScenarioResult *scenario = result->scenarios->pdata[0];
    g_assert_cmpuint(scenario->problems->len, ==, 100);
    g_assert_cmpint(scenario->counts.reads[CP_VERDICT_FAILED], ==, 101);
}

/* A long difference is cut, as it is where a history is shown step by step. */
static void
test_long_problem(void)
{
    g_autoptr(GString) xml = g_string_new("<a>");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(xml, "<b>%03d</b>", i);
    g_string_append(xml, "</a>");
    g_autofree char *text =
        g_strconcat(HISTORY SCENARIO ANSWER("a", "<a/>"), "{`type`:`answer`,`answer`:`b`,`xml`:`", xml->str,
                    "`}\n" TRUTH("A", "b") ROUND("A", 0) READ(1, 2, "a", 1) END(0, ""), NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpResult) result = result_of(history);
    const CpScenarioResult *scenario = result->scenarios->pdata[0];
    const CpProblem *problem = scenario->problems->pdata[0];
    g_assert_cmpstr(problem->verdict, ==, "torn");
    g_assert_cmpuint(g_strv_length(problem->differences), ==, CP_FINDING_LINES + 1);
    g_assert_cmpstr(problem->differences[0], ==, "+ a");
    g_assert_cmpstr(problem->differences[CP_FINDING_LINES - 1], ==, "- a b 018");
    g_assert_cmpstr(problem->differences[CP_FINDING_LINES], ==, "and 981 more");
}

/* A defect that does not show is not a problem; whether it shows is noted, also in the file. */
static void
test_notes(void)
{
    static const struct {
        const char *history, *notes, *reason;
        const char *problems[4];
    } cases[] = {
        { DEFECT,
          "s: reproduced in part (line 5: expected 'verdict stale', seen: fresh)",
          "",
          { "- video", "'cache fresh' cannot be judged: what libvirt keeps on disk in this state is not known" } },
        { MISTAKEN,
          "",
          "s.scn:5:1: no answer has an element 'vide', expected one of: video",
          { "- video", "'cache fresh' cannot be judged: what libvirt keeps on disk in this state is not known",
            "'has vide qxl' is wrong: s.scn:5:1: no answer has an element 'vide', expected one of: video" } },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) history = events_of(cases[i].history, &error);
        g_assert_no_error(error);
        g_autoptr(CpResult) result = result_of(history);
        g_autofree char *text = cp_result_write(result);
        g_autoptr(CpResult) again = cp_result_parse("R", text, strlen(text), &error);
        g_assert_no_error(error);
        const CpScenarioResult *scenario = again->scenarios->pdata[0];
        g_assert_cmpint(scenario->counts.held, ==, 0);
        g_assert_cmpint(scenario->counts.unheld, ==, 0);
        g_assert_cmpuint(scenario->problems->len, ==, g_strv_length((GStrv)cases[i].problems));
        for (guint n = 0; n < scenario->problems->len; n++) {
            const CpProblem *problem = scenario->problems->pdata[n];
            g_assert_cmpstr(problem->differences[0], ==, cases[i].problems[n]);
        }
        g_autofree char *notes = g_strjoinv("; ", again->notes);
        g_assert_cmpstr(notes, ==, cases[i].notes);
        g_assert_cmpstr(again->reason, ==, cases[i].reason);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/result-problems/problems", test_problems);
    g_test_add_func("/result-problems/long-problem", test_long_problem);
    g_test_add_func("/result-problems/notes", test_notes);
    return g_test_run();
}
