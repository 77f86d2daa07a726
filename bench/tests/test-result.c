/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/result.h. */
#include "measure/result.h"

#include "small-result.h"

static CpResult *
parse(const char *text, GError **error)
{
    return cp_result_parse("R", text, strlen(text), error);
}

static void
assert_small(const CpResult *result)
{
    const CpScenarioResult *s = result->scenarios->pdata[0], *t = result->scenarios->pdata[1];
    static const struct {
        gint64 ns;
        CpVerdict verdict;
        CpRefresh refresh;
    } samples[] = {
        { 1000000, CP_VERDICT_FRESH, CP_REFRESH_NONE },     { 2000000, CP_VERDICT_STALE, CP_REFRESH_NONE },
        { 400000000, CP_VERDICT_FRESH, CP_REFRESH_NEEDED }, { 100000000, CP_VERDICT_FRESH, CP_REFRESH_SPURIOUS },
        { 3000000, CP_VERDICT_UNKNOWN, CP_REFRESH_NONE },
    };
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
    /* The SHA-256 of "start". */
    g_assert_cmpstr(s->digest, ==, "cced28c6dc3f99c2396a5eaad732bf6b28142335892b1cd0e6af6cdb53f5ccfa");
    g_assert_cmpint(s->rounds, ==, 1);
    g_assert_cmpmem(s->counts.reads, sizeof(s->counts.reads), reads, sizeof(reads));
    g_assert_cmpint(s->counts.refreshes[CP_REFRESH_NEEDED], ==, 2);
    g_assert_cmpint(s->counts.refreshes[CP_REFRESH_SPURIOUS], ==, 1);
    g_assert_cmpint(s->counts.changed, ==, 1);
    g_assert_cmpint(s->counts.unchanged, ==, 0);
    g_assert_cmpint(s->counts.held, ==, 1);
    g_assert_cmpint(s->counts.unheld, ==, 1);
    g_assert_cmpint(s->counts.emulators, ==, 4);
    g_assert_cmpint(s->counts.cpu_ns, ==, 21000000);
    g_assert_cmpint(s->counts.max_rss_kb, ==, 45000);
    g_assert_cmpuint(s->samples->len, ==, G_N_ELEMENTS(samples));
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        const CpSample *sample = &g_array_index(s->samples, CpSample, i);
        g_assert_cmpint(sample->round, ==, 1);
        g_assert_cmpint(sample->line, ==, 4);
        g_assert_cmpint(sample->ns, ==, samples[i].ns);
        g_assert_cmpint(sample->verdict, ==, samples[i].verdict);
        g_assert_cmpint(sample->refresh, ==, samples[i].refresh);
    }
    g_assert_cmpuint(s->problems->len, ==, 4);
    const CpProblem *problem = s->problems->pdata[2];
    g_assert_cmpint(problem->line, ==, 4);
    g_assert_cmpstr(problem->verdict, ==, "failed");
    g_assert_cmpstr(problem->differences[0], ==, "error: timed out (domain 10, code 1)");
    g_assert_cmpstr(t->skipped, ==, "no such module");
    g_assert_cmpuint(t->samples->len, ==, 0);
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

/* The statistics of a line as text, for 0, 1 and 6 fresh samples; the last of six rounds, and of one. */
static void
test_statistics(void)
{
    static const struct {
        guint n;
        const char *statistics;
        gboolean one_round;
    } cases[] = {
        { 0, "{'n':0}" },
        { 1, "{'n':1,'min_ns':10.0,'median_ns':10.0,'median_low_ns':null,'median_high_ns':null,'mad_ns':0.0,"
             "'p90_ns':10.0,'p99_ns':10.0,'max_ns':10.0}" },
        { 6, "{'n':6,'min_ns':10.0,'median_ns':35.0,'median_low_ns':10.0,'median_high_ns':60.0,'mad_ns':15.0,"
             "'p90_ns':55.0,'p99_ns':59.5" },
        { 6, "{'n':6,'min_ns':10.0,'median_ns':35.0,'median_low_ns':null,'median_high_ns':null,'mad_ns':15.0", TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpResult) result = small_result();
        CpScenarioResult *scenario = result->scenarios->pdata[1];
        cp_scenario_result_add_sample(scenario, (CpSample){ .line = 7, .ns = 5, .verdict = CP_VERDICT_STALE });
        for (guint n = 1; n <= cases[i].n; n++)
            cp_scenario_result_add_sample(scenario,
                                          (CpSample){ .round = cases[i].one_round ? 1 : n, .line = 7, .ns = 10 * n });
        g_autofree char *text = cp_result_write(result);
        g_autoptr(JsonNode) root = json_from_string(text, NULL);
        JsonArray *scenarios = json_object_get_array_member(json_node_get_object(root), "scenarios");
        JsonArray *lines = json_object_get_array_member(json_array_get_object_element(scenarios, 1), "lines");
        JsonNode *node = json_object_get_member(json_array_get_object_element(lines, 0), "statistics");
        g_autofree char *got = g_strdelimit(json_to_string(node, FALSE), "\"", '\'');
        got[MIN(strlen(got), strlen(cases[i].statistics))] = '\0';
        g_assert_cmpstr(got, ==, cases[i].statistics);
    }
}

/* The text is laid out as json-glib would do it, with and without samples and scenarios. */
static void
test_layout(void)
{
    g_autoptr(CpResult) empty = cp_result_new(), small = small_result();
    empty->environment = empty->environment ? empty->environment : json_object_new();
    cp_scenario_result_add_sample(small->scenarios->pdata[1], (CpSample){ .line = 7, .ns = 5, .label = "a\nb \"c\"" });
    CpResult *const results[] = { empty, small };
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        g_autofree char *text = cp_result_write(results[i]);
        g_autoptr(JsonNode) root = json_from_string(text, NULL);
        g_assert_nonnull(root);
        g_autofree char *expected = json_to_string(root, TRUE);
        g_assert_cmpstr(text, ==, expected);
    }
}

static void
test_cut(void)
{
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);
    for (gsize length = 0; length < strlen(text); length++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cp_result_parse("R", text, length, &error));
        assert_refused(&error, "R:");
    }
}

/* Returns `text` with `new` in the place of the first `old`, in both of which ' stands for ". The caller owns it. */
static char *
replace_once(const char *text, const char *old, const char *new)
{
    g_autofree char *wanted = g_strdelimit(g_strdup(old), "'", '"'), *put = g_strdelimit(g_strdup(new), "'", '"');
    const char *place = strstr(text, wanted);
    g_test_message("%s", new);
    g_assert_nonnull(place);
    return g_strdup_printf("%.*s%s%s", (int)(place - text), text, put, place + strlen(wanted));
}

/* Samples are read in the same way whether they are as capprobe writes them or not, and whatever else is called so. */
static void
test_samples(void)
{
    static const struct {
        const char *old, *new;
    } cases[] = {
        { "", "" },
        { "'samples' : [", "'samples':[" },
        { "'label' : null", "'label' : null, 'more' : 1" },
        { "'ns' : 1000000", "'ns' : 1000000.0e0, 'ns ' : 1" },
        { "'target'", "'samples' : [], 'target'" },
        { "'target'", "'samples' : [ { 'round' : 1, 'line' : 4, 'label' : null, 'verdict' : 'fresh', 'refresh' : "
                      "'none', 'ns' : 5 } ], 'target'" },
        { "'target'", "'samples' : 5, 'target'" },
        { "'target'", "'x' : '\\'samples\\' : [ 5 ]', 'target'" },
    };
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *changed = replace_once(text, cases[i].old, cases[i].new);
        g_autoptr(CpResult) again = parse(changed, &error);
        if (i == 3) {
            assert_refused(&error, "R:67:11: member 'ns' is missing or of the wrong type");
            continue;
        }
        g_assert_no_error(error);
        assert_small(again);
    }
}

/* The first cost of the first sample, after its time. */
#define FIRST_COST "1000000,\n          'libvirt_cpu_ns' : 0,"

/* Costs are read with samples that are taken from the text, and with those that are not. Results of older versions have none. */
static void
test_costs(void)
{
    static const struct {
        const char *old, *new;
        guint known;
        gint64 figures[CP_COST_LAST];
    } cases[] = {
        { "", "", 3, { 0, 3000000 } },
        { "'emulator_cpu_ns' : 3000000", "'emulator_cpu_ns' : 7, 'libvirt_instructions' : 8", 7, { 0, 7, 8 } },
        { FIRST_COST, "1000000,", 2, { 0, 3000000 } },
        { FIRST_COST, "1000000, 'emulator_instructions' : 9,", 10, { 0, 3000000, 0, 9 } },
        { FIRST_COST, "1000000, 'x' : 0,", 2, { 0, 3000000 } },
    };
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *changed = replace_once(text, cases[i].old, cases[i].new);
        g_autoptr(CpResult) again = parse(changed, &error);
        g_assert_no_error(error);
        const CpScenarioResult *scenario = again->scenarios->pdata[0];
        const CpCosts *costs = &g_array_index(scenario->samples, CpSample, 0).costs;
        g_assert_cmpuint(costs->known, ==, cases[i].known);
        g_assert_cmpmem(costs->figures, sizeof(costs->figures), cases[i].figures, sizeof(cases[i].figures));
    }
}

/* Changes to a valid result, and the complaint about each. */
static void
test_refuse(void)
{
    static const struct {
        const char *old, *new, *complaint;
    } cases[] = {
        { "capprobe.result/2", "capprobe.result/1",
          "R:2:3: this is a result of the schema 'capprobe.result/1', expected 'capprobe.result/2'; measure anew" },
        { "'schema'", "'scheme'", "R:1:1: member 'schema' is missing or of the wrong type, expected a string" },
        { "'seed' : 7", "'seed' : 7.5", "R:21:3: member 'seed' is missing or of the wrong type" },
        { "'seed' : 7", "'seed' : 99999999999999999999", "R:21:12: a number beyond 64 bits" },
        { "'status' : 130", "'status' : '130'", "R:22:3: member 'status' is missing or of the wrong type" },
        { "'status' : 130", "'status' : 256", "R:22:3: status 256, expected an exit status of capprobe, such as 0" },
        { "'status' : 130", "'status' : 2", "R:22:3: status 2, expected an exit status" },
        { "'status' : 130", "'status' : 0", "R:23:3: status 0 with the error 'interrupted', expected no error" },
        { "'error' : 'interrupted'", "'error' : null", "R:23:3: member 'error' is missing or of the wrong type" },
        { "'scenarios' : [", "'scenarios' : [ 5,", "R:26:3: a scenario is not an object" },
        { "'name' : 's'", "'name' : {}", "R:28:7: member 'name' is missing or of the wrong type, expected a string" },
        { "'digest' : '", "'digest' : 5, 'x' : '", "R:30:7: member 'digest' is missing or of the wrong type" },
        { "'skipped' : ''", "'skipped' : false", "R:31:7: member 'skipped' is missing or of the wrong type" },
        { "'rounds' : 1", "'rounds' : -1", "R:33:7: member 'rounds' is missing or of the wrong type" },
        { "'reads' : {", "'reads' : [], 'x' : {", "R:35:7: member 'reads' is missing or of the wrong type" },
        { "'fresh' : 4", "'fresh' : '4'", "R:36:9: member 'fresh' is missing or of the wrong type" },
        { "'samples' : [", "'samples' : [ -1,", "R:60:7: a sample is not an object" },
        { "'verdict' : 'stale'", "'verdict' : 'bad'", "R:60:7: unknown verdict 'bad' of a sample" },
        { "'refresh' : 'none'", "'refresh' : 'bad'", "R:60:7: unknown refresh 'bad' of a sample" },
        { "'ns' : 1000000", "'ns' : -1", "R:67:11: member 'ns' is missing or of the wrong type" },
        { "'emulator_cpu_ns' : 3000000", "'libvirt_instructions' : -5",
          "R:69:11: member 'libvirt_instructions' is missing or of the wrong type" },
        { "'label' : null", "'label' : 5", "R:64:11: member 'label' is missing or of the wrong type" },
        { "'problems' : [", "'problems' : [ 5,", "R:130:7: a problem is not an object" },
        { "'differences' : [", "'differences' : [ 5 ], 'x' : [",
          "R:25:3: an element of 'differences' is not a string" },
        { "'reason' : ''", "'reason' : 5", "R:24:3: member 'reason' is missing or of the wrong type" },
        { "'profile' : [", "'notes' : [ 5 ], 'profile' : [", "R:210:3: an element of 'notes' is not a string" },
        { "'wall_ns'", "'wall'", "R:1:1: member 'wall_ns' is missing or of the wrong type" },
        { "'profile' : [", "'profile' : [ 5,", "R:210:3: a profile is not an object" },
        { "'total_ns' : 400000000", "'total_ns' : -1", "R:212:7: member 'total_ns' is missing or of the wrong type" },
        { "'phases' : {", "'phases' : [], 'x' : {", "R:213:7: member 'phases' is missing or of the wrong type" },
        { "'work' : 100000000", "'work' : 'much'", "R:215:9: member 'work' is missing or of the wrong type" },
    };
    g_autoptr(CpResult) result = small_result();
    g_autofree char *text = cp_result_write(result);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *changed = replace_once(text, cases[i].old, cases[i].new);
        g_assert_null(parse(changed, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

#define HUGE_END ROUND_END(9223372036854775807, 9223372036854775807)
#define HUGE_READ HUGE_READ_FROM("0")
#define HUGE_READ_AGAIN HUGE_READ_FROM("9223372036854775807")

/* The result of a history with huge numbers can be read again. */
static void
test_huge(void)
{
#define HUGE_READ_FROM(begin)                                                                                          \
    "{`type`:`read`,`line`:1,`name`:`read`,`question`:`q`,`begin_ns`:" begin                                           \
    ",`end_ns`:9223372036854775807,`answer`:`a`,"                                                                      \
    "`emulators`:9223372036854775807,`user_ns`:9223372036854775807,`system_ns`:9223372036854775807,"                   \
    "`max_rss_kb`:9223372036854775807,`libvirt_user_ns`:9223372036854775807,`libvirt_system_ns`:9223372036854775807}"  \
    "\n"
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history =
        events_of(HISTORY SCENARIO ANSWER("a", "<a/>") ROUND("A", 0)
                      HUGE_READ HUGE_READ_AGAIN HUGE_END ROUND("A", 9223372036854775807) HUGE_END END(0, ""),
                  NULL);
    g_autoptr(CpResult) result = result_of(history);
    g_autofree char *text = cp_result_write(result);
    g_autoptr(CpResult) again = parse(text, &error);
    g_assert_no_error(error);
    const CpScenarioResult *scenario = again->scenarios->pdata[0];
    g_assert_cmpint(scenario->counts.cpu_ns, ==, G_MAXINT64);
    g_assert_cmpint(scenario->counts.emulators, ==, G_MAXINT64);
    g_assert_cmpint(scenario->counts.libvirt_cpu_ns, ==, G_MAXINT64);
    g_assert_cmpint(again->wall_ns, ==, G_MAXINT64);
    g_assert_cmpint(again->libvirt_ns, ==, G_MAXINT64);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/result/layout", test_layout);
    g_test_add_func("/result/new", test_new);
    g_test_add_func("/result/round-trip", test_round_trip);
    g_test_add_func("/result/statistics", test_statistics);
    g_test_add_func("/result/cut", test_cut);
    g_test_add_func("/result/costs", test_costs);
    g_test_add_func("/result/samples", test_samples);
    g_test_add_func("/result/refuse", test_refuse);
    g_test_add_func("/result/huge", test_huge);
    return g_test_run();
}
