/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/result.h. */
#include "measure/result.h"

#include "small.h"

static CpResult *
small_result(void)
{
    g_autoptr(CpJudgement) judgement = small_run();
    return cp_result_new(judgement);
}

static CpResult *
parse(const char *text, GError **error)
{
    return cp_result_parse("R", text, strlen(text), error);
}

static void
assert_small(const CpResult *result)
{
    const CpScenarioResult *s = result->scenarios->pdata[0], *t = result->scenarios->pdata[1];
    static const gint64 samples_ns[] = { 1000000, 2000000, 400000000, 100000000, 3000000 };
    static const gint64 reads[CP_VERDICT_LAST] = {
        [CP_VERDICT_FRESH] = 4, [CP_VERDICT_STALE] = 1, [CP_VERDICT_FAILED] = 1, [CP_VERDICT_UNKNOWN] = 1
    };

    g_assert_cmpint(result->seed, ==, 7);
    g_assert_cmpint(result->status, ==, 130);
    g_assert_cmpstr(result->error, ==, "interrupted");
    g_assert_cmpint(result->wall_ns, ==, 1013000000);
    g_assert_cmpint(result->libvirt_ns, ==, 907000000);
    g_assert_cmpuint(json_array_get_length(result->profile), ==, 2);
    g_assert_cmpuint(result->scenarios->len, ==, 2);
    g_assert_cmpstr(s->skipped, ==, "");
    g_assert_cmpint(s->rounds, ==, 1);
    g_assert_cmpmem(s->reads, sizeof(s->reads), reads, sizeof(reads));
    g_assert_cmpint(s->needed, ==, 2);
    g_assert_cmpint(s->spurious, ==, 1);
    g_assert_cmpint(s->changed, ==, 1);
    g_assert_cmpint(s->unchanged, ==, 0);
    g_assert_cmpint(s->held, ==, 1);
    g_assert_cmpint(s->unheld, ==, 1);
    g_assert_cmpint(s->emulators, ==, 4);
    g_assert_cmpint(s->cpu_ns, ==, 21000000);
    g_assert_cmpint(s->max_rss_kb, ==, 45000);
    g_assert_cmpmem(s->samples_ns->data, s->samples_ns->len * sizeof(gint64), samples_ns, sizeof(samples_ns));
    g_assert_cmpuint(s->problems->len, ==, 4);
    g_assert_cmpstr(s->problems->pdata[2], ==, "round 1, line 4: failed: timed out");
    g_assert_cmpstr(t->skipped, ==, "no such module");
    g_assert_cmpuint(t->samples_ns->len, ==, 0);
}

static void
test_new(void)
{
    g_autoptr(CpResult) result = small_result();
    assert_small(result);
    cp_result_free(NULL);
}

static void
test_round_trip(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = g_build_filename(folder, "result", NULL);
    g_autofree char *missing = g_build_filename(folder, "missing", "result", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);

    g_assert_true(cp_result_save(result, file, &error));
    g_autoptr(CpResult) again = cp_result_load(file, &error);
    g_assert_no_error(error);
    assert_small(again);
    g_autofree char *text_again = cp_result_write(again);
    g_assert_cmpstr(text_again, ==, text);
    g_assert_nonnull(strstr(text, "\"needed\" : 2,"));
    g_assert_nonnull(strstr(text, "\"spurious\" : 1"));

    g_assert_false(cp_result_save(result, missing, &error));
    assert_refused(&error, missing);
    g_assert_null(cp_result_load(missing, &error));
    assert_refused(&error, missing);
    folder_end(folder);
}

/* The statistics of a scenario as text, for 0, 1 and 6 samples. */
static void
test_statistics(void)
{
    static const struct {
        guint n;
        const char *statistics;
    } cases[] = {
        { 0, "{'n':0}" },
        { 1, "{'n':1,'min_ns':10.0,'median_ns':10.0,'median_low_ns':null,'median_high_ns':null,'mad_ns':0.0,"
             "'p90_ns':10.0,'p99_ns':10.0,'max_ns':10.0}" },
        { 6, "{'n':6,'min_ns':10.0,'median_ns':35.0,'median_low_ns':10.0,'median_high_ns':60.0,'mad_ns':15.0,"
             "'p90_ns':55.0,'p99_ns':59.5" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = small_result();
        CpScenarioResult *scenario = result->scenarios->pdata[1];
        for (gint64 sample_ns = 10; scenario->samples_ns->len < cases[i].n; sample_ns += 10)
            g_array_append_val(scenario->samples_ns, sample_ns);
        g_autofree char *text = cp_result_write(result);
        g_autoptr(JsonNode) root = json_from_string(text, NULL);
        JsonArray *scenarios = json_object_get_array_member(json_node_get_object(root), "scenarios");
        JsonNode *node = json_object_get_member(json_array_get_object_element(scenarios, 1), "statistics");
        g_autofree char *got = g_strdelimit(json_to_string(node, FALSE), "\"", '\'');
        got[MIN(strlen(got), strlen(cases[i].statistics))] = '\0';
        g_assert_cmpstr(got, ==, cases[i].statistics);
    }
}

static void
test_cut(void)
{
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);
    for (gsize length = 0; length < strlen(text); length += 7) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cp_result_parse("R", text, length, &error));
        assert_refused(&error, "R:");
    }
}

/* Changes to a valid result, and the complaint about each. */
static void
test_refuse(void)
{
    static const struct {
        const char *old, *new, *complaint;
    } cases[] = {
        { "capprobe.result/1", "capprobe.result/2", "R:2:3: schema 'capprobe.result/2', expected 'capprobe.result/1'" },
        { "'schema'", "'scheme'", "R:1:1: member 'schema' is missing or of the wrong type, expected a string" },
        { "'seed' : 7", "'seed' : 7.5", "R:21:3: member 'seed' is missing or of the wrong type" },
        { "'seed' : 7", "'seed' : 99999999999999999999", "R:21:12: a number beyond 64 bits" },
        { "'status' : 130", "'status' : '130'", "R:22:3: member 'status' is missing or of the wrong type" },
        { "'status' : 130", "'status' : 256", "R:22:3: status 256, expected an exit status of capprobe, such as 0" },
        { "'status' : 130", "'status' : 2", "R:22:3: status 2, expected an exit status" },
        { "'status' : 130", "'status' : 0", "R:23:3: status 0 with the error 'interrupted', expected no error" },
        { "'error' : 'interrupted'", "'error' : null", "R:23:3: member 'error' is missing or of the wrong type" },
        { "'scenarios' : [", "'scenarios' : [ 5,", "R:24:3: a scenario is not an object" },
        { "'name' : 's'", "'name' : {}", "R:26:7: member 'name' is missing or of the wrong type, expected a string" },
        { "'skipped' : ''", "'skipped' : false", "R:28:7: member 'skipped' is missing or of the wrong type" },
        { "'rounds' : 1", "'rounds' : -1", "R:29:7: member 'rounds' is missing or of the wrong type" },
        { "'reads' : {", "'reads' : [], 'x' : {", "R:30:7: member 'reads' is missing or of the wrong type" },
        { "'fresh' : 4", "'fresh' : '4'", "R:31:9: member 'fresh' is missing or of the wrong type" },
        { "'samples_ns' : [", "'samples_ns' : [ -1,", "R:52:7: a sample is not a duration, expected integers" },
        { "'samples_ns' : [", "'samples_ns' : [ 1.5,", "R:52:7: a sample is not a duration" },
        { "'samples_ns' : [", "'samples_ns' : [ null,", "R:52:7: a sample is not a duration" },
        { "'samples_ns' : [", "'samples_ns' : [ [],", "R:52:7: a sample is not a duration" },
        { "'problems' : [", "'problems' : [ 5,", "R:70:7: an element of 'problems' is not a string" },
        { "'wall_ns'", "'wall'", "R:1:1: member 'wall_ns' is missing or of the wrong type" },
        { "'profile' : [", "'profile' : [ 5,", "R:116:3: a profile is not an object" },
        { "'total_ns' : 400000000", "'total_ns' : -1", "R:118:7: member 'total_ns' is missing or of the wrong type" },
        { "'phases' : {", "'phases' : [], 'x' : {", "R:119:7: member 'phases' is missing or of the wrong type" },
        { "'work' : 100000000", "'work' : 'much'", "R:121:9: member 'work' is missing or of the wrong type" },
    };
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = g_strdelimit(cp_result_write(result), "\"", '`');

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *old = g_strdelimit(g_strdup(cases[i].old), "'", '`');
        g_autofree char *new = g_strdelimit(g_strdup(cases[i].new), "'", '`');
        const char *place = strstr(text, old);
        g_test_message("%s", cases[i].new);
        g_assert_nonnull(place);
        g_autofree char *changed = g_strdup_printf("%.*s%s%s", (int)(place - text), text, new, place + strlen(old));
        g_assert_null(parse(g_strdelimit(changed, "`", '"'), &error));
        assert_refused(&error, cases[i].complaint);
    }
}

/* The result of a history with huge numbers can be read again. */
static void
test_huge(void)
{
#define HUGE_READ                                                                                                      \
    "{`type`:`read`,`line`:1,`name`:`read`,`question`:`q`,`begin_ns`:0,`end_ns`:9223372036854775807,`answer`:`a`,"     \
    "`emulators`:9223372036854775807,`user_ns`:9223372036854775807,`system_ns`:9223372036854775807,"                   \
    "`max_rss_kb`:9223372036854775807,`libvirt_user_ns`:9223372036854775807,`libvirt_system_ns`:9223372036854775807}"  \
    "\n"
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history =
        events_of(HISTORY SCENARIO ANSWER("a", "<a/>") ROUND("A", 0) HUGE_READ HUGE_READ END(0, ""), NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    g_autoptr(CpResult) result = cp_result_new(judgement);
    g_autofree char *text = cp_result_write(result);
    g_autoptr(CpResult) again = parse(text, &error);
    g_assert_no_error(error);
    const CpScenarioResult *scenario = again->scenarios->pdata[0];
    g_assert_cmpint(scenario->cpu_ns, ==, G_MAXINT64);
    g_assert_cmpint(scenario->emulators, ==, G_MAXINT64);
}

/* At most 100 problems are kept per scenario. */
static void
test_problems(void)
{
    g_autoptr(GString) text =
        g_string_new(HISTORY SCENARIO TRUTH_ERROR("E") ANSWER("a", "<a/>") TRUTH("A", "a") ROUND("A", 0));
    for (int i = 0; i < 101; i++)
        g_string_append(text, READ_ERROR(1, 2, 0));
    g_string_append(text, END(0, ""));
    g_autoptr(GPtrArray) history = events_of(text->str, NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    g_autoptr(CpResult) result = cp_result_new(judgement);
    const CpScenarioResult *scenario = result->scenarios->pdata[0];
    g_assert_cmpuint(scenario->problems->len, ==, 100);
    g_assert_cmpint(scenario->reads[CP_VERDICT_FAILED], ==, 101);
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
                    "`}\n" TRUTH("A", "b") ROUND("A", 0) READ(1, 2, "a", 0) END(0, ""), NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    g_autoptr(CpResult) result = cp_result_new(judgement);
    const CpScenarioResult *scenario = result->scenarios->pdata[0];
    const char *problem = scenario->problems->pdata[0];
    g_assert_true(g_str_has_prefix(problem, "round 1, line 4: torn: + a; - a b 000; - a b 001; "));
    g_assert_true(g_str_has_suffix(problem, "; - a b 018; and 981 more"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/result/new", test_new);
    g_test_add_func("/result/round-trip", test_round_trip);
    g_test_add_func("/result/statistics", test_statistics);
    g_test_add_func("/result/cut", test_cut);
    g_test_add_func("/result/refuse", test_refuse);
    g_test_add_func("/result/huge", test_huge);
    g_test_add_func("/result/problems", test_problems);
    g_test_add_func("/result/long-problem", test_long_problem);
    return g_test_run();
}
