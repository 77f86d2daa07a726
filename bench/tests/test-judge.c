/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/judge.h and judge/verdict.h. */
#include "judge/judge.h"

#include "events.h"

#define XML(value) "<domainCapabilities><enum name='e'><value>" value "</value></enum></domainCapabilities>"

/* The truth of state A is answer a, that of B is b, that of C is c. E and F have an error, the truth of U is not known.
 * Answer c says the same as a, in another layout. */
#define BEGIN                                                                                                          \
    HISTORY SCENARIO ANSWER("a", XML("1")) ANSWER("b", XML("2")) ANSWER("c", " " XML("1") "\\n") ANSWER("x", XML("9")) \
        ANSWER("text", "no XML") TRUTH("A", "a") TRUTH("B", "b") TRUTH("C", "c") TRUTH_ERROR("E") TRUTH_ERROR("F")     \
            ROUND("A", 0)
#define FINISH ROUND_END(1000, 500) END(0, "")

/* Returns the findings of the first scenario as text, in order. */
static char *
describe(const CpJudgement *judgement)
{
    GString *text = g_string_new(NULL);
    const CpJudgedScenario *scenario = judgement->scenarios->pdata[0];

    for (guint i = 0; i < scenario->findings->len; i++) {
        const CpFinding *finding = scenario->findings->pdata[i];
        g_string_append(text, i > 0 ? ", " : "");
        if (finding->event->type == CP_EVENT_OPERATION)
            g_string_append(text, finding->changed ? "changed" : "unchanged");
        else if (finding->event->type == CP_EVENT_EXPECT)
            g_string_append(text, finding->holds ? "holds" : "fails");
        else
            g_string_append_printf(text, "%s%s%s", cp_verdict_name(finding->verdict),
                                   !finding->refresh ? ""
                                   : finding->needed ? " needed"
                                                     : " spurious",
                                   finding->sample ? "" : " no sample");
        if (finding->lines) {
            g_autofree char *lines = g_strjoinv("; ", finding->lines);
            g_string_append_printf(text, " (%s)", lines);
        }
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name, *history, *findings;
    int exit;
} Case;

static const Case cases[] = {
    /* verdicts */
    { "fresh", BEGIN READ(10, 20, "a", 1) FINISH, "fresh needed", 0 },
    { "fresh-in-another-layout", BEGIN READ(10, 20, "c", 1) FINISH, "fresh needed", 0 },
    { "fresh-after-change", BEGIN CHANGE(10, 20, "B") READ(30, 40, "b", 1) FINISH, "changed, fresh needed", 0 },
    { "stale", BEGIN CHANGE(10, 20, "B") READ(30, 40, "a", 0) FINISH, "changed, stale (+ e 1; - e 2)", 1 },
    { "stale-by-two", BEGIN CHANGE(10, 20, "B") CHANGE(30, 40, "E") READ(50, 60, "a", 0) FINISH,
      "changed, changed, stale (libvirt answered, but with an empty cache it fails: no emulator)", 1 },
    { "torn", BEGIN READ(10, 20, "x", 1) FINISH, "torn needed (- e 1; + e 9)", 1 },
    { "torn-no-xml", BEGIN READ(10, 20, "text", 1) FINISH, "torn needed (the answer is not XML)", 1 },
    { "torn-by-a-state-to-come", BEGIN READ(10, 20, "b", 1) CHANGE(30, 40, "B") FINISH,
      "torn needed (- e 1; + e 2), changed", 1 },
    { "failed", BEGIN READ_ERROR(10, 20, 0) FINISH, "failed no sample (timed out)", 1 },
    { "failed-after-error", BEGIN CHANGE(10, 20, "E") CHANGE(30, 40, "B") READ_ERROR(50, 60, 1) FINISH,
      "changed, changed, failed needed no sample (timed out)", 1 },
    { "error-is-true", BEGIN CHANGE(10, 20, "E") READ_ERROR(30, 40, 1) FINISH, "changed, fresh needed no sample", 0 },
    { "answer-where-error-is-true", BEGIN CHANGE(10, 20, "E") READ(30, 40, "b", 0) FINISH,
      "changed, torn (libvirt answered, but with an empty cache it fails: no emulator)", 1 },
    { "unknown", BEGIN CHANGE(10, 20, "U") READ(30, 40, "b", 1) FINISH,
      "unchanged, unknown needed (the history does not record the truth of this state)", 125 },
    { "unknown-though-earlier", BEGIN CHANGE(10, 20, "U") READ(30, 40, "a", 0) FINISH,
      "unchanged, unknown (the history does not record the truth of this state)", 125 },
    { "unknown-error", BEGIN CHANGE(10, 20, "U") READ_ERROR(30, 40, 0) FINISH,
      "unchanged, unknown no sample (timed out)", 125 },
    { "unknown-and-known", BEGIN CHANGE(10, 20, "U") READ(15, 40, "a", 0) FINISH, "unchanged, fresh", 0 },

    /* a change during a read: the truth before it and the truth after it are both right, even at the same ns */
    { "overlap-before", BEGIN CHANGE(20, 30, "B") READ(10, 40, "a", 0) FINISH, "changed, fresh", 0 },
    { "overlap-after", BEGIN CHANGE(20, 30, "B") READ(10, 40, "b", 1) FINISH, "changed, fresh needed", 0 },
    { "overlap-end-of-change", BEGIN CHANGE(20, 30, "B") READ(30, 40, "a", 0) FINISH, "changed, fresh", 0 },
    { "overlap-past-change", BEGIN CHANGE(20, 30, "B") READ(31, 40, "a", 0) FINISH, "changed, stale (+ e 1; - e 2)",
      1 },
    { "overlap-start-of-change", BEGIN CHANGE(20, 30, "B") READ(10, 20, "b", 1) FINISH, "changed, fresh needed", 0 },
    { "overlap-ahead-of-change", BEGIN CHANGE(20, 30, "B") READ(10, 19, "b", 1) FINISH,
      "changed, torn needed (- e 1; + e 2)", 1 },
    { "overlap-error", BEGIN CHANGE(20, 30, "E") READ_ERROR(10, 40, 1) FINISH, "changed, fresh needed no sample", 0 },
    { "overlap-neither", BEGIN CHANGE(20, 30, "B") READ(10, 40, "x", 1) FINISH, "changed, torn needed (- e 2; + e 9)",
      1 },
    { "there-and-back", BEGIN CHANGE(20, 30, "B") CHANGE(40, 50, "A") READ(60, 70, "b", 0) FINISH,
      "changed, changed, stale (- e 1; + e 2)", 1 },

    /* a truth that the history tells late, and one that it tells twice */
    { "truth-told-late", BEGIN CHANGE(10, 20, "U") CHANGE(30, 40, "B") TRUTH("U", "x") READ(50, 60, "x", 0) FINISH,
      "unchanged, unchanged, stale (- e 2; + e 9)", 1 },
    { "truth-told-twice", BEGIN CHANGE(10, 20, "B") TRUTH("A", "x") READ(30, 40, "a", 0) FINISH,
      "changed, torn (+ e 1; - e 2)", 1 },

    /* refreshes */
    { "spurious", BEGIN READ(10, 20, "a", 1) READ(30, 40, "a", 1) FINISH, "fresh needed, fresh spurious", 0 },
    { "no-refresh", BEGIN READ(10, 20, "a", 1) READ(30, 40, "a", 0) FINISH, "fresh needed, fresh", 0 },
    { "spurious-after-touch", BEGIN READ(10, 20, "a", 1) CHANGE(30, 40, "C") READ(50, 60, "a", 1) FINISH,
      "fresh needed, unchanged, fresh spurious", 0 },
    { "needed-after-change", BEGIN READ(10, 20, "a", 1) CHANGE(30, 40, "B") READ(50, 60, "b", 1) FINISH,
      "fresh needed, changed, fresh needed", 0 },
    { "spurious-after-restart",
      BEGIN READ(10, 20, "a", 1) OPERATION("restart", "process", 30, 40, "A") READ(50, 60, "a", 1) FINISH,
      "fresh needed, unchanged, fresh spurious", 0 },
    { "spurious-with-dropped-cache",
      BEGIN READ(10, 20, "a", 1) OPERATION("drop-cache", "cache", 30, 40, "A") READ(50, 60, "a", 1) FINISH,
      "fresh needed, unchanged, fresh spurious", 0 },
    { "needed-after-drop-and-restart",
      BEGIN READ(10, 20, "a", 1) OPERATION("drop-cache", "cache", 30, 40, "A")
          OPERATION("restart", "process", 50, 60, "A") READ(70, 80, "a", 1) FINISH,
      "fresh needed, unchanged, unchanged, fresh needed", 0 },
    { "memory-filled-from-disk",
      BEGIN READ(10, 20, "a", 1) OPERATION("restart", "process", 21, 22, "A") READ(30, 40, "a", 0)
          OPERATION("drop-cache", "cache", 41, 42, "A") READ(50, 60, "a", 1) FINISH,
      "fresh needed, unchanged, fresh, unchanged, fresh spurious", 0 },
    { "failed-refresh-keeps-the-cache", BEGIN READ(10, 20, "a", 1) READ_ERROR(30, 40, 1) READ(50, 60, "a", 1) FINISH,
      "fresh needed, failed spurious no sample (timed out), fresh spurious", 1 },
    { "cache-of-another-round", BEGIN READ(10, 20, "a", 1) ROUND_END(25, 10) ROUND("A", 30) READ(40, 50, "a", 1) FINISH,
      "fresh needed, fresh needed", 0 },
    { "stale-of-another-round", BEGIN ROUND_END(5, 1) ROUND("B", 30) READ(40, 50, "a", 1) FINISH,
      "torn needed (+ e 1; - e 2)", 1 },
    { "answer-told-twice", BEGIN READ(10, 20, "a", 1) ANSWER("a", XML("1")) READ(30, 40, "a", 1) FINISH,
      "fresh needed, fresh spurious", 0 },

    /* operations */
    { "unchanged-error", BEGIN CHANGE(10, 20, "E") CHANGE(30, 40, "F") READ_ERROR(50, 60, 0) FINISH,
      "changed, unchanged, fresh no sample", 0 },
    { "prime-is-no-sample", BEGIN READ_AS("prime", 10, 20, "`answer`:`a`", 1) FINISH, "fresh needed no sample", 0 },

    /* expectations */
    { "expect-answer", BEGIN READ(10, 20, "a", 1) EXPECT("`answer`") EXPECT("`error`") FINISH,
      "fresh needed, holds, fails (an answer; emulators started: 1)", 1 },
    { "expect-error", BEGIN CHANGE(1, 2, "E") READ_ERROR(10, 20, 0) EXPECT("`error`") EXPECT("`answer`") FINISH,
      "changed, fresh no sample, holds, fails (error: timed out)", 1 },
    { "expect-has", BEGIN READ(10, 20, "a", 0) EXPECT("`has`,`e`,`1`") EXPECT("`has`,`e`,`2`") FINISH,
      "fresh, holds, fails (an answer; emulators started: 0)", 1 },
    { "expect-lacks", BEGIN READ(10, 20, "a", 0) EXPECT("`lacks`,`e`,`2`") EXPECT("`lacks`,`e`,`1`") FINISH,
      "fresh, holds, fails (an answer; emulators started: 0)", 1 },
    { "expect-of-an-error",
      BEGIN CHANGE(1, 2, "E") READ_ERROR(10, 20, 0) EXPECT("`has`,`e`,`1`") EXPECT("`lacks`,`e`,`1`") FINISH,
      "changed, fresh no sample, fails (error: timed out), fails (error: timed out)", 1 },
    { "expect-probes", BEGIN READ(10, 20, "a", 2) EXPECT("`probes`,`2`") EXPECT("`probes`,`1`") FINISH,
      "fresh needed, holds, fails (an answer; emulators started: 2)", 1 },
    { "expect-holds", BEGIN READ(10, 20, "a", 0) EXPECT("`answer`") FINISH, "fresh, holds", 0 },

    /* exit statuses */
    { "nothing-read", BEGIN FINISH, "", 125 },
    { "no-round", HISTORY SCENARIO END(0, ""), "", 125 },
    { "skipped", HISTORY SCENARIO SKIP END(0, ""), "", 125 },
    { "runner-failed", BEGIN READ(10, 20, "a", 0) END(255, "died"), "fresh", 255 },
    { "interrupted", BEGIN READ(10, 20, "a", 0) END(130, "interrupted"), "fresh", 130 },
    { "bad-and-interrupted", BEGIN READ(10, 20, "x", 0) END(130, ""), "torn (- e 1; + e 9)", 130 },
    { "unknown-and-bad", BEGIN READ(1, 2, "x", 0) CHANGE(10, 20, "U") READ(30, 40, "b", 0) FINISH,
      "torn (- e 1; + e 9), unchanged, unknown (the history does not record the truth of this state)", 1 },
};

static void
test_case(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(test->history, &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", &error);
    g_assert_no_error(error);

    g_autofree char *findings = describe(judgement);
    g_assert_cmpstr(findings, ==, test->findings);
    g_assert_cmpint(cp_judgement_exit(judgement), ==, test->exit);
}

static void
test_scenario(void)
{
    g_autoptr(GPtrArray) history = events_of(HISTORY SCENARIO SKIP ROUND("A", 100) ROUND_END(350, 200) ROUND("A", 400)
                                                 ROUND_END(500, 50) ROUND("A", 600) END(130, ""),
                                             NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    const CpJudgedScenario *scenario = judgement->scenarios->pdata[0];

    g_assert_cmpuint(judgement->scenarios->len, ==, 1);
    g_assert_cmpstr(scenario->name, ==, "s");
    g_assert_cmpstr(scenario->file, ==, "s.scn");
    g_assert_cmpstr(scenario->skipped, ==, "no KVM");
    g_assert_cmpint(scenario->rounds, ==, 2);
    g_assert_cmpint(scenario->wall_ns, ==, 350);
    g_assert_cmpint(scenario->libvirt_ns, ==, 250);
    g_assert_cmpint(judgement->end->status, ==, 130);
    cp_judgement_free(NULL);
}

static void
test_refuse(void)
{
    static const struct {
        const char *history, *complaint;
    } refusals[] = {
        { HISTORY SCENARIO READ_ERROR(1, 2, 0) END(0, ""), "H:3:1: an event of a round, outside a round" },
        { HISTORY CHANGE(1, 2, "A") END(0, ""), "H:2:1: an event of a round, outside a round" },
        { HISTORY EXPECT("`answer`") END(0, ""), "H:2:1: an event of a round, outside a round" },
        { HISTORY ROUND_END(1, 1) END(0, ""), "H:2:1: an event of a round, outside a round" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND_END(2, 1) READ_ERROR(3, 4, 0) END(0, ""), "H:5:1: an event of a round" },
        { HISTORY SCENARIO ROUND("A", 1) SKIP READ_ERROR(3, 4, 0) END(0, ""), "H:5:1: an event of a round" },
        { HISTORY SCENARIO ROUND("A", 1) EXPECT("`answer`") END(0, ""),
          "H:4:1: an 'expect' without a 'read' before it in its round" },
        { BEGIN READ(1, 2, "a", 0) ROUND_END(3, 1) ROUND("A", 4) EXPECT("`answer`") FINISH,
          "H:17:1: an 'expect' without a 'read' before it in its round" },
        { HISTORY SCENARIO ROUND("A", 1) READ(1, 2, "a", 0) END(0, ""), "H:4:1: refers to an unknown answer" },
        { HISTORY TRUTH("A", "a") ANSWER("a", "") END(0, ""), "H:2:1: refers to an unknown answer" },
        { HISTORY ROUND("A", 1) END(0, ""), "H:2:1: refers to an unknown scenario" },
        { HISTORY SKIP END(0, ""), "H:2:1: refers to an unknown scenario" },
        { HISTORY SCENARIO ROUND("A", 10) ROUND_END(9, 1) END(0, ""), "H:4:1: a round that ended before it began" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) history = events_of(refusals[i].history, &error);
        g_assert_no_error(error);
        g_assert_null(cp_judge(history, "H", &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

/* A round of 20,000 changes and reads: with a look at all changes before each read, this would take a minute. */
static void
test_long(void)
{
    static const char *const states[] = { "A", "B" }, *const answers[] = { "a", "b" };
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(BEGIN FINISH, &error);
    g_autoptr(GPtrArray) end = g_ptr_array_new();
    g_assert_no_error(error);
    for (int i = 0; i < 2; i++)
        g_ptr_array_insert(end, 0, g_ptr_array_steal_index(history, history->len - 1));

    for (int i = 0; i < 20000; i++) {
        CpEvent *change = cp_event_new(CP_EVENT_OPERATION), *read = cp_event_new(CP_EVENT_READ);
        change->effect = g_strdup("modules");
        change->state = g_strdup(states[(i + 1) % 2]);
        read->name = g_strdup("read");
        read->answer = g_strdup(i < 19999 ? answers[(i + 1) % 2] : "x");
        change->begin_ns = change->end_ns = 1 + 2 * i;
        read->begin_ns = read->end_ns = 2 + 2 * i;
        g_ptr_array_add(history, change);
        g_ptr_array_add(history, read);
    }
    g_ptr_array_extend_and_steal(history, g_steal_pointer(&end));

    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", &error);
    g_assert_no_error(error);
    const CpJudgedScenario *scenario = judgement->scenarios->pdata[0];
    g_assert_cmpuint(scenario->findings->len, ==, 40000);
    for (guint i = 1; i < scenario->findings->len; i += 2) {
        const CpFinding *finding = scenario->findings->pdata[i];
        g_assert_cmpint(finding->verdict, ==, i < 39999 ? CP_VERDICT_FRESH : CP_VERDICT_TORN);
    }
}

static void
test_lines(void)
{
    static const struct {
        guint max;
        const char *lines;
    } cases[] = {
        { 0, "and 3 more!" }, { 1, "a|and 2 more!" }, { 2, "a|b|and 1 more!" }, { 3, "a|b|c" }, { 4, "a|b|c" }
    };
    const char *const all[] = { "a", "b", "c", NULL };
    CpFinding finding = { .lines = (GStrv)all }, none = { 0 };
    g_auto(GStrv) empty = cp_finding_lines(&none, 3, "!");

    g_assert_cmpuint(g_strv_length(empty), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) lines = cp_finding_lines(&finding, cases[i].max, "!");
        g_autofree char *joined = g_strjoinv("|", lines);
        g_assert_cmpstr(joined, ==, cases[i].lines);
    }
}

/* Sums of huge numbers stay huge. */
static void
test_huge(void)
{
#define HUGE_ROUND ROUND("A", 0) ROUND_END(9223372036854775807, 9223372036854775807)
    g_autoptr(GPtrArray) history = events_of(HISTORY SCENARIO HUGE_ROUND HUGE_ROUND END(0, ""), NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    const CpJudgedScenario *scenario = judgement->scenarios->pdata[0];
    g_assert_cmpint(scenario->wall_ns, ==, G_MAXINT64);
    g_assert_cmpint(scenario->libvirt_ns, ==, G_MAXINT64);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/judge/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/judge/scenario", test_scenario);
    g_test_add_func("/judge/refuse", test_refuse);
    g_test_add_func("/judge/huge", test_huge);
    g_test_add_func("/judge/long", test_long);
    g_test_add_func("/judge/lines", test_lines);
    return g_test_run();
}
