/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of settles: judge/settle.h, measure/settles.h, show/settles.h. */
#include "show/settles.h"

#include "judge-events.h"
#include "measure/settles.h"
#include "show/detail.h"
#include "show/table.h"

#define SETTLE_READ(begin, end, outcome) READ_AS("settle", begin, end, outcome, 0)
#define A "`answer`:`a`"
#define B "`answer`:`b`"
#define X "`answer`:`x`"
#define LOST "`lost`:`the client died`"
#define SETTLE_OF(line, limit)                                                                                         \
    "{`type`:`settle`,`line`:" #line ",`label`:`m gone`,`limit_ns`:" #limit ",`begin_ns`:20,`end_ns`:900}\n"
#define SETTLE(limit) SETTLE_OF(4, limit)
#define PRIMED BEGIN READ_AS("prime", 1, 5, A, 1)

typedef struct {
    const char *history, *settle; /* what came of it; without the label */
    int exit;
    const char *counts; /* fresh, stale, torn, failed, unknown */
} Case;

static const Case cases[] = {
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, B) SETTLE(100), "right ns 20 reads 1 stale 0", 0, "2 0 0 0 0" },
    /* The limit counts from the end of the change to the return. */
    { CHANGE(10, 20, "B") SETTLE_READ(30, 120, B) SETTLE(100), "right ns 100 reads 1 stale 0", 0, "2 0 0 0 0" },
    { CHANGE(10, 20, "B") SETTLE_READ(30, 121, B) SETTLE(100), "never ns 0 reads 1 stale 0", 1, "2 0 0 0 0" },
    /* Stale reads are what is measured, if it becomes right. */
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, A) SETTLE_READ(50, 60, A) SETTLE_READ(70, 80, B) SETTLE(100),
      "right ns 60 reads 3 stale 2", 0, "2 0 0 0 0" },
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, A) SETTLE_READ(50, 60, A) SETTLE(100), "never ns 0 reads 2 stale 2", 1,
      "1 0 0 0 0" },
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, A) SETTLE_READ(50, 130, B) SETTLE(100), "never ns 0 reads 2 stale 1", 1,
      "2 0 0 0 0" },
    /* It counts when the answer was right for the first time. */
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, B) SETTLE_READ(50, 60, B) SETTLE(100), "right ns 20 reads 2 stale 0", 0,
      "3 0 0 0 0" },
    /* What is worse than stale is not excused. */
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, X) SETTLE_READ(50, 60, B) SETTLE(100), "right ns 40 reads 2 stale 0", 1,
      "2 0 1 0 0" },
    { CHANGE(10, 20, "B") SETTLE_READ(30, 40, LOST) SETTLE_READ(50, 60, B) SETTLE(100), "right ns 40 reads 2 stale 0",
      1, "2 0 0 1 0" },
    { CHANGE(10, 20, "U") SETTLE_READ(30, 40, A) SETTLE(100), "unknown ns 0 reads 1 stale 0", 125, "1 0 0 0 1" },
    /* Without a change it counts from the begin of the round; restarts are not changes. */
    { SETTLE_READ(30, 40, A) SETTLE(100), "right ns 40 reads 1 stale 0", 0, "2 0 0 0 0" },
    { CHANGE(10, 20, "B") OPERATION("restart", "process", 25, 28, "B") SETTLE_READ(30, 40, B) SETTLE(100),
      "right ns 20 reads 1 stale 0", 0, "2 0 0 0 0" },
    /* An error can be what is right. */
    { CHANGE(10, 20, "E") SETTLE_READ(30, 40, "`error`:`x`,`domain`:10,`code`:1") SETTLE(100),
      "right ns 20 reads 1 stale 0", 0, "2 0 0 0 0" },
};

static void
take_settle(const CpFinding *finding, gpointer data)
{
    const CpSettle *settle = &finding->settle;
    if (finding->event->type == CP_EVENT_SETTLE)
        g_string_append_printf(data, "%s ns %" G_GINT64_FORMAT " reads %" G_GINT64_FORMAT " stale %" G_GINT64_FORMAT,
                               cp_settled_name(settle->settled), settle->ns, settle->reads, settle->stale);
}

static GPtrArray *
history_of(const char *middle)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(PRIMED, middle, FINISH, NULL);
    GPtrArray *history = events_of(text, &error);
    g_assert_no_error(error);
    return history;
}

static CpResult *
result_of(const GPtrArray *history)
{
    g_autoptr(GError) error = NULL;
    CpResult *result = cp_result_new();
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_result_add, result, &error);
    g_assert_no_error(error);
    cp_result_finish(result, judgement);
    return result;
}

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) history = history_of(cases[i].history);
        g_autoptr(GString) settle = g_string_new(NULL);
        g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, take_settle, settle, NULL);
        g_test_message("case %zu", i);
        g_assert_cmpstr(settle->str, ==, cases[i].settle);
        g_assert_cmpint(judgement->exit, ==, cases[i].exit);

        g_autoptr(CpResult) result = result_of(history);
        const CpScenarioResult *scenario = result->scenarios->pdata[0];
        const gint64 *reads = scenario->counts.reads;
        g_autofree char *counts =
            g_strdup_printf("%d %d %d %d %d", (int)reads[CP_VERDICT_FRESH], (int)reads[CP_VERDICT_STALE],
                            (int)reads[CP_VERDICT_TORN], (int)reads[CP_VERDICT_FAILED], (int)reads[CP_VERDICT_UNKNOWN]);
        g_assert_cmpstr(counts, ==, cases[i].counts);
        g_assert_cmpuint(scenario->samples->len, ==, 0);
        g_assert_cmpuint(scenario->settles->len, ==, 1);
    }
}

/* A settle ends the counting of its reads: the next one begins anew. */
static void
test_two(void)
{
    g_autoptr(GPtrArray) history =
        history_of(CHANGE(10, 20, "B") SETTLE_READ(30, 40, A) SETTLE(100) SETTLE_READ(41, 50, B) SETTLE(100));
    g_autoptr(GString) settles = g_string_new(NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, take_settle, settles, NULL);
    g_assert_cmpstr(settles->str, ==, "never ns 0 reads 1 stale 1right ns 30 reads 1 stale 0");
}

#define BECOMES_RIGHT                                                                                                  \
    CHANGE(10, 20, "B") SETTLE_READ(30, 40, A) SETTLE_READ(50, 60, A) SETTLE_READ(70, 80, B) SETTLE(100)
#define STAYS_WRONG CHANGE(101, 102, "A") SETTLE_READ(110, 120, B) SETTLE(50)
#define NOT_KNOWN CHANGE(130, 131, "U") SETTLE_READ(140, 150, A) SETTLE(60)
#define SOME BECOMES_RIGHT STAYS_WRONG NOT_KNOWN

static void
test_result(void)
{
    g_autoptr(GPtrArray) history = history_of(SOME);
    g_autoptr(CpResult) result = result_of(history);
    g_autofree char *text = cp_result_write(result);
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) again = cp_result_parse("R", text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *text_again = cp_result_write(again);
    g_assert_cmpstr(text_again, ==, text);

    g_autoptr(JsonNode) root = json_from_string(text, NULL);
    JsonArray *scenarios = json_object_get_array_member(json_node_get_object(root), "scenarios");
    JsonNode *node = json_object_get_member(json_array_get_object_element(scenarios, 0), "settle");
    g_autofree char *settles = g_strdelimit(json_to_string(node, FALSE), "\"", '\'');
#define COMMON "'round':1,'line':4,'label':'m gone',"
    g_assert_cmpstr(settles, ==,
                    "[{" COMMON "'limit_ns':100,'settled':'right','stale':2,'ns':60},{" COMMON
                    "'limit_ns':50,'settled':'never','stale':1,'ns':null},{" COMMON
                    "'limit_ns':60,'settled':'unknown','stale':0,'ns':null}]");

    static const struct {
        const char *old, *new, *complaint;
    } refusals[] = {
        { "\"right\"", "\"soon\"", "a settle that is 'soon', expected right, never or unknown" },
        { "\"right\"", "\"never\"", "the 'ns' of a settle that was not right, expected null" },
        { "\"never\"", "\"right\"", "'ns'" },
        { "\"limit_ns\" : 50", "\"limit_ns\" : -1", "'limit_ns'" },
        { "\"m gone\"", "7", "'label'" },
        { "\"settle\" : [", "\"settle\" : [ 7,", "a settle is not an object" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GString) changed = g_string_new(text);
        g_assert_cmpuint(g_string_replace(changed, refusals[i].old, refusals[i].new, 1), ==, 1);
        g_test_message("%s", refusals[i].complaint);
        g_assert_null(cp_result_parse("R", changed->str, changed->len, &error));
        g_assert_nonnull(strstr(error->message, refusals[i].complaint));
        g_clear_error(&error);
    }
}

/* A round that does not count has no settles either. */
static void
test_dropped(void)
{
    g_autofree char *text =
        g_strconcat(PRIMED, SOME, UNTESTABLE(950) ROUND("A", 960) READ_AS("prime", 961, 962, A, 1), FINISH, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpResult) result = result_of(history);
    g_assert_cmpuint(((const CpScenarioResult *)result->scenarios->pdata[0])->settles->len, ==, 0);
}

static void
test_show(void)
{
    Memory memory = { 0 };
    g_autoptr(GPtrArray) history = history_of(SOME);
    g_autoptr(CpResult) result = result_of(history);
    cp_settles_print(result, memory_begin(&memory));
    memory_end(&memory, "\nhow long after a change the answer was right:\n"
                        "s:4 m gone: right after 60.0 ns (1 of 3); never within 100 ns (1 of 3); not known (1 of 3)\n");

    g_autoptr(GPtrArray) right = history_of(CHANGE(10, 20, "B") SETTLE_READ(30, 40, B) SETTLE(100));
    g_autoptr(CpResult) result_right = result_of(right);
    cp_settles_print(result_right, memory_begin(&memory));
    memory_end(&memory, "\nhow long after a change the answer was right:\ns:4 m gone: right after 20.0 ns\n");
}

/* Reads that end as the one before are not shown again. */
static void
test_detail(void)
{
    Memory memory = { 0 };
    g_autoptr(GPtrArray) history = history_of(SOME);
    g_autoptr(CpDetail) detail = cp_detail_new(FALSE, memory_begin(&memory));
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_detail_add, detail, NULL);
    cp_detail_finish(detail, judgement);
    memory_end(&memory,
               "s (s.scn)\n"
               " round 1\n"
               "   0.000 s  line 4    prime                     4.00 ns  fresh   needed refresh, emulators: 1\n"
               "   0.000 s  line 3    remove m                           truth changed\n"
               "   0.000 s  line 4    settle                    10.0 ns  stale   no refresh\n"
               "                        + e 1\n"
               "                        - e 2\n"
               "   0.000 s  line 4    settle                    10.0 ns  fresh   no refresh\n"
               "   0.000 s  line 4    settled                            right after 60.0 ns; reads: 3, stale: 2\n"
               "   0.000 s  line 3    remove m                           truth changed\n"
               "   0.000 s  line 4    settle                    10.0 ns  stale   no refresh\n"
               "                        - e 1\n"
               "                        + e 2\n"
               "   0.000 s  line 4    settled                            never within 50.0 ns; reads: 1, stale: 1\n"
               "                        never right within 50.0 ns\n"
               "                        - e 1\n"
               "                        + e 2\n"
               "   0.000 s  line 3    remove m                           truth unknown\n"
               "   0.000 s  line 4    settle                    10.0 ns  unknown no refresh\n"
               "                        the history does not record the truth of this state\n"
               "   0.000 s  line 4    settled                            not known; reads: 1, stale: 0\n"
               "\n"
               "6 reads: 2 fresh, 1 unknown; stale while settling: 3; not right within the limit: 1\n");
}

static void
test_refuse(void)
{
    static const struct {
        const char *history, *complaint;
    } refusals[] = {
        { SETTLE(1), "H:15:1: a 'settle' without a read of that name before it" },
        { READ(10, 20, "a", 0) SETTLE(1), "H:16:1: a 'settle' without a read of that name before it" },
        { SETTLE_READ(10, 20, A) SETTLE(1) SETTLE(1), "H:17:1: a 'settle' without a read of that name before it" },
        { SETTLE_READ(10, 20, A) SETTLE_OF(5, 1), "H:16:1: the reads of a 'settle' are not followed by its end" },
        { SETTLE_READ(10, 20, A), "H:16:1: the reads of a 'settle' are not followed by its end" },
        { SETTLE_READ(10, 20, A) READ(30, 40, "a", 0), "H:16:1: the reads of a 'settle' are not followed by its end" },
        { SETTLE_READ(10, 20, A) CHANGE(30, 40, "B"), "H:16:1: the reads of a 'settle' are not followed by its end" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) history = history_of(refusals[i].history);
        g_assert_null(cp_judge(history, "H", FALSE, NULL, NULL, &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settle/cases", test_cases);
    g_test_add_func("/settle/two", test_two);
    g_test_add_func("/settle/result", test_result);
    g_test_add_func("/settle/dropped", test_dropped);
    g_test_add_func("/settle/show", test_show);
    g_test_add_func("/settle/detail", test_detail);
    g_test_add_func("/settle/refuse", test_refuse);
    return g_test_run();
}
