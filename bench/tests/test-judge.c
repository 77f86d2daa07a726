/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/judge.h and judge/verdict.h. */
#include "judge-events.h"
#include "judged.h"

/* The same with documents: d is what libvirt keeps in state A. */
#define DOCUMENTED                                                                                                     \
    HISTORY SCENARIO ANSWER("a", XML("1")) DOCUMENT("d", "<qemuCaps><flag name='f'/></qemuCaps>")                      \
        DOCUMENT("e", "<qemuCaps/>") TRUTH_IN(1, "A", "`answer`:`a`,`document`:`d`") ROUND("A", 0)

/* The same for a libvirt that never saves anything. */
#define UNSAVED                                                                                                        \
    "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{},`seed`:7,`documents`:true}\n" SCENARIO ANSWER(   \
        "a", XML("1")) TRUTH("A", "a") ROUND("A", 0)

#define SKIP_NEEDS "{`type`:`skip`,`scenario`:`t`,`error`:`x`,`needs`:1}\n"

/* As BEGIN, and libvirt has answer a in its caches. */
#define CACHED BEGIN READ_AS("prime", 0, 1, "`answer`:`a`", 1)

/* Adds a finding to `data`, a GString. */
static void
describe(const CpFinding *finding, gpointer data)
{
    GString *text = data;
    CpEventType type = finding->event->type;
    if (type != CP_EVENT_OPERATION && type != CP_EVENT_EXPECT && type != CP_EVENT_READ)
        return;

    g_string_append(text, text->len > 0 ? ", " : "");
    if (type == CP_EVENT_OPERATION)
        g_string_append(text, finding->changed ? "changed" : "unchanged");
    else if (type == CP_EVENT_EXPECT)
        g_string_append(text, finding->expected == CP_EXPECTED_HOLDS     ? "holds"
                              : finding->expected == CP_EXPECTED_FAILS   ? "fails"
                              : finding->expected == CP_EXPECTED_UNKNOWN ? "unknown"
                                                                         : "mistake");
    else if (g_str_equal(finding->event->name, "prime") && finding->verdict == CP_VERDICT_FRESH && !finding->lines)
        g_string_append_printf(text, "primed%s", finding->sample ? " sample" : "");
    else
        g_string_append_printf(text, "%s%s%s%s%s", cp_verdict_name(finding->verdict), finding->hidden ? " hidden" : "",
                               finding->refresh == CP_REFRESH_NONE ? "" : " ",
                               finding->refresh == CP_REFRESH_NONE ? "" : cp_refresh_name(finding->refresh),
                               finding->sample ? "" : " no sample");
    if (finding->lines) {
        g_autofree char *lines = g_strjoinv("; ", finding->lines);
        g_string_append_printf(text, " (%s)", lines);
    }
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
    { "stale", CACHED CHANGE(10, 20, "B") READ(30, 40, "a", 0) FINISH, "primed, changed, stale (+ e 1; - e 2)", 1 },
    { "stale-by-two", CACHED CHANGE(10, 20, "B") CHANGE(30, 40, "E") READ(50, 60, "a", 0) FINISH,
      "primed, changed, changed, stale (libvirt answered, but with an empty cache it fails: no emulator (domain 10, "
      "code 1))",
      1 },
    { "torn", BEGIN READ(10, 20, "x", 1) FINISH, "torn needed (- e 1; + e 9)", 1 },
    { "torn-no-xml", BEGIN READ(10, 20, "text", 1) FINISH, "torn needed (the answer is not XML)", 1 },
    { "torn-by-a-state-to-come", BEGIN READ(10, 20, "b", 1) CHANGE(30, 40, "B") FINISH,
      "torn needed (- e 1; + e 2), changed", 1 },
    { "failed", BEGIN READ_ERROR(10, 20, 0) FINISH, "failed no sample (error: timed out (domain 10, code 1))", 1 },
    { "failed-after-error", BEGIN CHANGE(10, 20, "E") CHANGE(30, 40, "B") READ_ERROR(50, 60, 1) FINISH,
      "changed, changed, failed needed no sample (error: timed out (domain 10, code 1))", 1 },
    { "error-is-true", BEGIN CHANGE(10, 20, "E") READ_ERROR(30, 40, 1) FINISH,
      "changed, fresh needed no sample (error: timed out (domain 10, code 1))", 0 },
    { "answer-where-error-is-true", CACHED CHANGE(10, 20, "E") READ(30, 40, "b", 0) FINISH,
      "primed, changed, torn (libvirt answered, but with an empty cache it fails: no emulator (domain 10, code 1))",
      1 },
    { "unknown", BEGIN CHANGE(10, 20, "U") READ(30, 40, "b", 1) FINISH,
      "unchanged, unknown needed (the history does not record the truth of this state)", 125 },
    { "unknown-though-earlier", CACHED CHANGE(10, 20, "U") READ(30, 40, "a", 0) FINISH,
      "primed, unchanged, unknown (the history does not record the truth of this state)", 125 },
    { "unknown-error", BEGIN CHANGE(10, 20, "U") READ_ERROR(30, 40, 0) FINISH,
      "unchanged, unknown no sample (error: timed out (domain 10, code 1); the history does not record the truth of "
      "this state)",
      125 },
    { "unknown-and-known", CACHED CHANGE(10, 20, "U") READ(15, 40, "a", 0) FINISH, "primed, unchanged, fresh", 0 },

    /* a change during a read: the truth before it and the truth after it are both right, even at the same ns */
    { "overlap-before", CACHED CHANGE(20, 30, "B") READ(10, 40, "a", 0) FINISH, "primed, changed, fresh", 0 },
    { "overlap-after", BEGIN CHANGE(20, 30, "B") READ(10, 40, "b", 1) FINISH, "changed, fresh needed", 0 },
    { "overlap-end-of-change", CACHED CHANGE(20, 30, "B") READ(30, 40, "a", 0) FINISH, "primed, changed, fresh", 0 },
    { "overlap-past-change", CACHED CHANGE(20, 30, "B") READ(31, 40, "a", 0) FINISH,
      "primed, changed, stale (+ e 1; - e 2)", 1 },
    { "overlap-start-of-change", BEGIN CHANGE(20, 30, "B") READ(10, 20, "b", 1) FINISH, "changed, fresh needed", 0 },
    { "overlap-ahead-of-change", BEGIN CHANGE(20, 30, "B") READ(10, 19, "b", 1) FINISH,
      "changed, torn needed (- e 1; + e 2)", 1 },
    { "overlap-error", BEGIN CHANGE(20, 30, "E") READ_ERROR(10, 40, 1) FINISH,
      "changed, fresh needed no sample (error: timed out (domain 10, code 1))", 0 },
    { "overlap-neither", BEGIN CHANGE(20, 30, "B") READ(10, 40, "x", 1) FINISH, "changed, torn needed (- e 2; + e 9)",
      1 },
    { "there-and-back", CACHED CHANGE(20, 30, "B") CHANGE(40, 50, "A") READ(60, 70, "b", 0) FINISH,
      "primed, changed, changed, stale (- e 1; + e 2)", 1 },

    /* a truth that the history tells late */
    { "truth-told-late", CACHED CHANGE(10, 20, "U") CHANGE(30, 40, "B") TRUTH("U", "x") READ(50, 60, "x", 0) FINISH,
      "primed, changed, changed, stale (- e 2; + e 9)", 1 },

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
    { "failed-refresh-empties-the-cache", BEGIN READ(10, 20, "a", 1) READ_ERROR(30, 40, 1) READ(50, 60, "a", 1) FINISH,
      "fresh needed, failed spurious no sample (error: timed out (domain 10, code 1)), fresh needed", 1 },
    { "cache-of-another-round", BEGIN READ(10, 20, "a", 1) ROUND_END(25, 10) ROUND("A", 30) READ(40, 50, "a", 1) FINISH,
      "fresh needed, fresh needed", 0 },
    { "stale-of-another-round", BEGIN ROUND_END(5, 1) ROUND("B", 30) READ(40, 50, "a", 1) FINISH,
      "torn needed (+ e 1; - e 2)", 1 },
    { "answer-told-twice", BEGIN READ(10, 20, "a", 1) ANSWER("a", XML("1")) READ(30, 40, "a", 1) FINISH,
      "fresh needed, fresh spurious", 0 },

    /* nothing on disk, rather than what is on disk was not noted */
    { "needed-if-nothing-was-saved",
      UNSAVED READ(10, 20, "a", 1) OPERATION("restart", "process", 30, 40, "A") READ(50, 60, "a", 1) FINISH,
      "fresh needed, unchanged, fresh needed", 0 },
    { "unknown-if-nothing-was-saved", UNSAVED READ(10, 20, "a", 1) READ(30, 40, "a", 1) FINISH,
      "fresh needed, fresh unknown", 0 },
    { "fault-if-nothing-was-saved",
      UNSAVED READ(10, 20, "a", 1) OPERATION("restart", "process", 30, 40, "A") READ(50, 60, "a", 0) FINISH,
      "fresh needed, unchanged, fresh (" CP_NO_EMULATOR_COUNTED ")", 255 },

    /* operations */
    { "unchanged-error", BEGIN CHANGE(10, 20, "E") CHANGE(30, 40, "F") READ_ERROR(50, 60, 0) FINISH,
      "changed, unchanged, fresh no sample (error: timed out (domain 10, code 1))", 0 },
    { "wait", CACHED OPERATION("pause", "time", 5, 6, "A") READ(10, 20, "a", 0) FINISH, "primed, unchanged, fresh", 0 },
    { "prime-is-no-sample", BEGIN READ_AS("prime", 10, 20, "`answer`:`a`", 1) FINISH, "primed", 0 },

    /* expectations */
    { "expect-answer", BEGIN READ(10, 20, "a", 1) EXPECT("`answer`") EXPECT("`error`") FINISH,
      "fresh needed, holds, fails (an answer; emulators started: 1)", 1 },
    { "expect-error", BEGIN CHANGE(1, 2, "E") READ_ERROR(10, 20, 0) EXPECT("`error`") EXPECT("`answer`") FINISH,
      "changed, fresh no sample (error: timed out (domain 10, code 1)), holds, fails (error: timed out)", 1 },
    { "expect-has", CACHED READ(10, 20, "a", 0) EXPECT("`has`,`e`,`1`") EXPECT("`has`,`e`,`2`") FINISH,
      "primed, fresh, holds, fails (e: 1)", 1 },
    { "expect-lacks", CACHED READ(10, 20, "a", 0) EXPECT("`lacks`,`e`,`2`") EXPECT("`lacks`,`e`,`1`") FINISH,
      "primed, fresh, holds, fails (e: 1)", 1 },
    { "expect-of-an-error",
      BEGIN CHANGE(1, 2, "E") READ_ERROR(10, 20, 0) EXPECT("`has`,`e`,`1`") EXPECT("`lacks`,`e`,`1`") FINISH,
      "changed, fresh no sample (error: timed out (domain 10, code 1)), fails (error: timed out), fails (error: timed "
      "out)",
      1 },
    { "expect-probes", BEGIN READ(10, 20, "a", 2) EXPECT("`probes`,`2`") EXPECT("`probes`,`1`") FINISH,
      "fresh needed, holds, fails (an answer; emulators started: 2)", 1 },
    { "expect-holds", CACHED READ(10, 20, "a", 0) EXPECT("`answer`") FINISH, "primed, fresh, holds", 0 },

    /* exit statuses */
    { "nothing-read", BEGIN FINISH, "", 125 },
    { "no-round", HISTORY SCENARIO END(0, ""), "", 125 },
    { "skipped", HISTORY SCENARIO SKIP END(0, ""), "", 125 },
    { "runner-failed", CACHED READ(10, 20, "a", 0) END(255, "died"), "primed, fresh", 255 },
    { "interrupted", CACHED READ(10, 20, "a", 0) END(130, "interrupted"), "primed, fresh", 130 },
    { "bad-and-interrupted", CACHED READ(10, 20, "x", 0) END(130, ""), "primed, torn (- e 1; + e 9)", 130 },
    { "unknown-and-bad", CACHED READ(1, 2, "x", 0) CHANGE(10, 20, "U") READ(30, 40, "b", 0) FINISH,
      "primed, torn (- e 1; + e 9), unchanged, unknown (the history does not record the truth of this state)", 1 },
};

static void
test_case(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(CpJudgement) judgement = assert_judged(test->history, describe, test->findings, test->exit);
    g_assert_nonnull(judgement);
}

typedef struct {
    guint fresh, torn;
} Tally;

static void
tally(const CpFinding *finding, gpointer data)
{
    Tally *tally = data;
    if (finding->event->type == CP_EVENT_READ) {
        tally->fresh += finding->verdict == CP_VERDICT_FRESH;
        tally->torn += finding->verdict == CP_VERDICT_TORN;
    }
}

/* A round of 20,000 changes and reads: with a look at all changes before each read, this would take a minute. */
static void
test_long(void)
{
    static const char *const states[] = { "A", "B" }, *const xml[] = { XML("1"), XML("2"), XML("9") };
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(BEGIN FINISH, &error);
    g_autoptr(GPtrArray) end = g_ptr_array_new();
    g_assert_no_error(error);
    for (int i = 0; i < 2; i++)
        g_ptr_array_insert(end, 0, g_ptr_array_steal_index(history, history->len - 1));
    ((CpEvent *)end->pdata[0])->end_ns = 100000;

    for (int i = 0; i < 20000; i++) {
        CpEvent *change = cp_event_new(CP_EVENT_OPERATION), *read = cp_event_new(CP_EVENT_READ);
        change->name = g_strdup("remove");
        change->effect = g_strdup("modules");
        change->state = g_strdup(states[(i + 1) % 2]);
        read->name = g_strdup("read");
        read->question = g_strdup("q");
        read->answer = g_compute_checksum_for_string(G_CHECKSUM_SHA256, xml[i < 19999 ? (i + 1) % 2 : 2], -1);
        read->emulators = 1;
        change->begin_ns = change->end_ns = 1 + 2 * i;
        read->begin_ns = read->end_ns = 2 + 2 * i;
        g_ptr_array_add(history, change);
        g_ptr_array_add(history, read);
    }
    g_ptr_array_extend_and_steal(history, g_steal_pointer(&end));

    Tally result = { 0 };
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, tally, &result, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(result.fresh, ==, 19999);
    g_assert_cmpuint(result.torn, ==, 1);
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

#define LOST(begin, end) READ_AS("read", begin, end, "`lost`:`signal 11`", 0)
#define OTHER_ERROR(begin, end) READ_AS("read", begin, end, "`error`:`no such file`,`domain`:10,`code`:38", 0)

/* What is said about a whole history. */
static void
test_judgement(void)
{
    static const struct {
        const char *history;
        gboolean strict;
        int exit;
        const char *reason;
    } rows[] = {
        { BEGIN READ(10, 20, "a", 1) FINISH, FALSE, 0, "" },
        { BEGIN READ(10, 20, "a", 1), FALSE, 125, "the history is cut off" },
        { BEGIN READ(10, 20, "x", 1), FALSE, 1, "" },
        { HISTORY SCENARIO SKIP END(0, ""), FALSE, 125, "nothing was run: no KVM" },
        { BEGIN READ(10, 20, "a", 1) ROUND_END(30, 1) OTHER SKIP_NEEDS END(0, ""), FALSE, 0, "" },
        { BEGIN READ(10, 20, "a", 1) BROKEN_OFF END(0, ""), FALSE, 125,
          "s could not be carried out to its end: no emulator opened it" },
        { BEGIN READ(10, 20, "x", 1) BROKEN_OFF END(0, ""), FALSE, 125,
          "s could not be carried out to its end: no emulator opened it" },
        { BEGIN READ(10, 20, "x", 1) ROUND_END(25, 1) ROUND("A", 30) BROKEN_OFF END(0, ""), FALSE, 1, "" },
        { BEGIN READ(10, 20, "x", 1) UNTESTABLE(30) END(0, ""), FALSE, 125,
          "the timing of s did not come about: a second passed" },
        { BEGIN READ(10, 20, "x", 1) UNTESTABLE(30) ROUND("A", 40) READ(50, 60, "a", 1) FINISH, FALSE, 0, "" },
        { BEGIN READ(10, 20, "a", 0) FINISH, FALSE, 255,
          "a fault of the harness: an answer from an empty cache, but no emulator was counted" },
        { HISTORY SCENARIO TRUTH_ERROR("E") ROUND("E", 0) READ_ERROR(10, 20, 1) FINISH, FALSE, 125,
          "at the begin of s libvirt does not answer, and no step expects an error: no emulator" },
        { HISTORY SCENARIO TRUTH_ERROR("E") ROUND("E", 0) READ_ERROR(10, 20, 1) EXPECT("`error`") FINISH, FALSE, 0,
          "" },
        { HISTORY SCENARIO TRUTH_ERROR("E") ROUND("E", 0) OTHER_ERROR(10, 20) FINISH, FALSE, 1, "" },
        { DOCUMENTED READ_AS("read", 1, 2, "`answer`:`a`,`document`:`e`", 1) FINISH, FALSE, 0, "" },
        { DOCUMENTED READ_AS("read", 1, 2, "`answer`:`a`,`document`:`e`", 1) FINISH, TRUE, 1, "" },
        { DOCUMENTED READ_AS("read", 1, 2, "`answer`:`a`,`document`:`d`", 1) FINISH, TRUE, 0, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("row %zu", i);
        g_autoptr(GPtrArray) history = events_of(rows[i].history, &error);
        g_assert_no_error(error);
        g_autoptr(CpJudgement) judgement = cp_judge(history, "H", rows[i].strict, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(judgement->reason, ==, rows[i].reason);
        g_assert_cmpint(judgement->exit, ==, rows[i].exit);
    }
    cp_judgement_free(NULL);
    cp_judge_free(NULL);
}

/* Truths that were told twice. */
static void
test_passes(void)
{
    static const struct {
        const char *second, *findings, *difference;
    } rows[] = {
        { "`answer`:`a`", "primed", NULL },
        { "`answer`:`c`", "primed", NULL },
        { "`lost`:`signal 9`", "primed", NULL },
        { "`answer`:`b`",
          "unknown needed no sample (the truth of this state is not known: libvirt with an empty cache said different "
          "things in this state)",
          "the two truths of state A differ: - e 1; + e 2" },
        { "`error`:`e`,`domain`:1,`code`:2",
          "unknown needed no sample (the truth of this state is not known: libvirt with an empty cache said different "
          "things in this state)",
          "the two truths of state A differ: an error and something else" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *second = g_strconcat(BEGIN READ_AS("prime", 1, 2, "`answer`:`a`", 1)
                                                  ROUND_END(9, 9) "{`type`:`truth`,`state`:`A`,`question`:`q`,"
                                                                  "`pass`:2,",
                                              rows[i].second, ",`emulators`:1}\n" END(0, ""), NULL);
        g_autoptr(GPtrArray) history = events_of(second, &error);
        g_assert_no_error(error);
        g_autoptr(GString) findings = g_string_new(NULL);
        g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, describe, findings, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(findings->str, ==, rows[i].findings);
        g_assert_cmpstr(judgement->differences[0], ==, rows[i].difference);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/judge/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/judge/judgement", test_judgement);
    g_test_add_func("/judge/passes", test_passes);
    g_test_add_func("/judge/long", test_long);
    g_test_add_func("/judge/lines", test_lines);
    return g_test_run();
}
