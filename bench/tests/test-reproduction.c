/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/reproduction.h and judge/who-runs.h: what a judgement notes, and its exit status. */
#include "judge/judge.h"

#include "judge-events.h"

#define PRIMED BEGIN READ_AS("prime", 1, 2, "`answer`:`a`", 1)
#define STALE PRIMED CHANGE(10, 20, "B") READ(30, 40, "a", 0)
#define FIXED PRIMED CHANGE(10, 20, "B") READ(30, 40, "b", 1)
#define LOST(begin, end) READ_AS("read", begin, end, "`lost`:`signal 11`", 0)
#define EXPECT_STALE EXPECT("`verdict`,`stale`")
#define AGAIN(from) ROUND_END(100, 50) ROUND("A", from)
#define BROKEN(reason) "whether s shows its defect is not known: " reason

/* Documents are noted: d is what libvirt keeps in state A. */
#define NOTED                                                                                                          \
    HISTORY SCENARIO ANSWER("a", XML("1")) DOCUMENT("d", "<qemuCaps><flag name='f'/></qemuCaps>")                      \
        DOCUMENT("e", "<qemuCaps/>") TRUTH_IN(1, "A", "`answer`:`a`,`document`:`d`") ROUND("A", 0)                     \
            READ_AS("prime", 1, 2, "`answer`:`a`,`document`:`d`", 1)
#define READ_NOTED(document) READ_AS("read", 30, 40, "`answer`:`a`,`document`:`" document "`", 0)

#define RUN_BY(environment)                                                                                            \
    "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{" environment                                      \
    "},`seed`:7}\n" SCENARIO ANSWER("a", XML("1")) TRUTH("A", "a") ROUND("A", 0)
#define CHMOD_AT(begin, mode)                                                                                          \
    "{`type`:`operation`,`line`:3,`name`:`chmod`,`args`:[`m`,`" mode                                                   \
    "`],`effect`:`modules`,`state`:`A`,`begin_ns`:" #begin ",`end_ns`:" #begin "}\n"
#define CHMOD(mode) CHMOD_AT(10, mode)

static const struct {
    const char *name, *history;
    gboolean strict;
    int exit;
    const char *notes, *reason;
} cases[] = {
    { "no-defect", STALE FINISH, FALSE, 1, "", "" },
    { "shows", STALE EXPECT_STALE FINISH, FALSE, 1, "s: reproduced as expected", "" },
    { "shows-not", FIXED EXPECT_STALE FINISH, FALSE, 0, "s: not reproduced", "" },
    { "crash-instead", PRIMED CHANGE(10, 20, "B") LOST(30, 40) EXPECT_STALE FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is failed (signal 11), expected 'verdict stale')",
      BROKEN("line 4 is failed (signal 11), expected 'verdict stale'") },
    { "error-instead", PRIMED CHANGE(10, 20, "B") READ_ERROR(30, 40, 0) EXPECT_STALE FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is failed (timed out), expected 'verdict stale')",
      BROKEN("line 4 is failed (timed out), expected 'verdict stale'") },
    { "torn-instead", PRIMED CHANGE(10, 20, "B") READ(30, 40, "x", 0) EXPECT_STALE FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is torn, expected 'verdict stale')",
      BROKEN("line 4 is torn, expected 'verdict stale'") },
    { "crash-before", BEGIN LOST(1, 2) CHANGE(10, 20, "B") READ(30, 40, "b", 1) EXPECT_STALE FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is failed (signal 11))", BROKEN("line 4 is failed (signal 11)") },
    { "crash-before-it-shows", PRIMED LOST(3, 4) CHANGE(10, 20, "B") READ(30, 40, "a", 0) EXPECT_STALE FINISH, FALSE,
      125, "s: not the expected defect (line 4 is failed (signal 11))", BROKEN("line 4 is failed (signal 11)") },
    { "crash-afterwards", STALE EXPECT_STALE LOST(50, 60) FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is failed (signal 11))", BROKEN("line 4 is failed (signal 11)") },
    { "in-part", STALE EXPECT_STALE READ(50, 60, "b", 1) EXPECT_STALE FINISH, FALSE, 1,
      "s: reproduced in part (line 5: expected 'verdict stale', seen: fresh)", "" },
    { "all-lines", STALE EXPECT_STALE READ(50, 60, "a", 0) EXPECT_STALE FINISH, FALSE, 1, "s: reproduced as expected",
      "" },
    { "bad-beside", STALE EXPECT_STALE READ(50, 60, "a", 0) FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is stale)", BROKEN("line 4 is stale") },
    { "condition-not-met", PRIMED EXPECT("`probes`,`2`") CHANGE(10, 20, "B") READ(30, 40, "a", 0) EXPECT_STALE FINISH,
      FALSE, 125, "s: not the expected defect (line 5: expected 'probes 2', seen: an answer; emulators started: 1)",
      BROKEN("line 5: expected 'probes 2', seen: an answer; emulators started: 1") },
    { "condition-met", PRIMED EXPECT("`probes`,`1`") CHANGE(10, 20, "B") READ(30, 40, "a", 0) EXPECT_STALE FINISH,
      FALSE, 1, "s: reproduced as expected", "" },
    { "in-some-rounds",
      FIXED EXPECT_STALE AGAIN(200) READ_AS("prime", 201, 202, "`answer`:`a`", 1) CHANGE(210, 220, "B")
          READ(230, 240, "a", 0) EXPECT_STALE FINISH,
      FALSE, 1, "s: reproduced as expected in 1 of 2 rounds; not reproduced in 1 of 2 rounds", "" },
    { "crash-in-another-round", STALE EXPECT_STALE AGAIN(200) LOST(210, 220) EXPECT_STALE FINISH, FALSE, 1,
      "s: reproduced as expected in 1 of 2 rounds; not the expected defect in 1 of 2 rounds (line 4 is failed (signal "
      "11), expected 'verdict stale')",
      "" },
    { "unknown", PRIMED CHANGE(10, 20, "U") READ(30, 40, "a", 0) EXPECT_STALE FINISH, FALSE, 125,
      "s: undecided (the verdict of line 4 is unknown)", BROKEN("the verdict of line 4 is unknown") },
    { "shows-beside-an-unknown", STALE EXPECT_STALE CHANGE(41, 42, "U") READ(50, 60, "b", 1) FINISH, FALSE, 1,
      "s: reproduced as expected", "" },
    { "spurious", PRIMED READ(30, 40, "a", 1) EXPECT("`refresh`,`spurious`") FINISH, FALSE, 1,
      "s: reproduced as expected", "" },
    { "spurious-does-not-excuse-torn", PRIMED READ(30, 40, "x", 1) EXPECT("`refresh`,`spurious`") FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is torn)", BROKEN("line 4 is torn") },
    { "error-that-is-true", PRIMED CHANGE(10, 20, "E") READ_ERROR(30, 40, 1) EXPECT("`defect`,`error`") FINISH, FALSE,
      1, "s: reproduced as expected", "" },
    { "crash-is-not-an-error", PRIMED CHANGE(10, 20, "E") LOST(30, 40) EXPECT("`defect`,`error`") FINISH, FALSE, 125,
      "s: not the expected defect (line 4 is failed (signal 11), expected 'defect error')",
      BROKEN("line 4 is failed (signal 11), expected 'defect error'") },
    { "never-answers",
      HISTORY SCENARIO TRUTH_ERROR("E") ROUND("E", 0) READ_ERROR(10, 20, 1) EXPECT("`defect`,`error`") FINISH, FALSE,
      125, "s: not the expected defect (libvirt does not answer at the begin)",
      "at the begin of s libvirt does not answer, and no step expects an error: no emulator" },
    { "lost", PRIMED LOST(30, 40) EXPECT("`lost`") FINISH, FALSE, 1, "s: reproduced as expected", "" },
    { "untestable-does-not-count", STALE EXPECT_STALE UNTESTABLE(100) END(0, ""), FALSE, 125, "",
      "the timing of s did not come about: a second passed" },
    { "untestable-then-fixed",
      STALE EXPECT_STALE UNTESTABLE(100) ROUND("A", 200) READ(210, 220, "a", 1) EXPECT_STALE FINISH, FALSE, 0,
      "s: not reproduced", "" },
    { "cut-off", STALE EXPECT_STALE, FALSE, 1, "s: reproduced as expected", "" },
    { "cut-off-before-it-shows", FIXED EXPECT_STALE, FALSE, 125, "", "the history is cut off" },
    { "other-scenarios-stay-bad",
      STALE ROUND_END(100, 50) OTHER "{`type`:`round`,`scenario`:`t`,`round`:1,`state`:`A`,`begin_ns`:200}\n" READ(
          210, 220, "a", 1) EXPECT_STALE FINISH,
      FALSE, 1, "t: not reproduced", "" },
    { "hidden", NOTED READ_NOTED("e") EXPECT("`cache`,`stale`") FINISH, FALSE, 1, "s: reproduced as expected", "" },
    { "hidden-strict", NOTED READ_NOTED("e") EXPECT("`cache`,`stale`") FINISH, TRUE, 1, "s: reproduced as expected",
      "" },
    { "hidden-is-not-spurious", NOTED READ_NOTED("e") EXPECT("`refresh`,`spurious`") FINISH, TRUE, 125,
      "s: not the expected defect (line 4 is hidden, expected 'refresh spurious')",
      BROKEN("line 4 is hidden, expected 'refresh spurious'") },
    { "hidden-does-not-matter", NOTED READ_NOTED("e") EXPECT("`refresh`,`spurious`") FINISH, FALSE, 0,
      "s: not reproduced", "" },

    /* who runs it */
    { "chmod-as-root", RUN_BY("`privileged`:true") CHMOD("000") READ(30, 40, "a", 1) FINISH, FALSE, 0,
      "s, line 3: the outcome depends on who runs capprobe: this was run as root, so QEMU could still read the module; "
      "an ordinary user's cannot",
      "" },
    { "chmod-as-user", RUN_BY("`privileged`:false") CHMOD("033") READ(30, 40, "a", 1) FINISH, FALSE, 0,
      "s, line 3: the outcome depends on who runs capprobe: this was run as an ordinary user, so QEMU could not read "
      "the module; root's can",
      "" },
    { "chmod-twice", RUN_BY("`privileged`:true") CHMOD("000") CHMOD_AT(40, "000") READ(50, 60, "a", 1) FINISH, FALSE, 0,
      "s, line 3: the outcome depends on who runs capprobe: this was run as root, so QEMU could still read the module; "
      "an ordinary user's cannot",
      "" },
    { "chmod-that-leaves-it-readable", RUN_BY("`privileged`:true") CHMOD("400") READ(30, 40, "a", 1) FINISH, FALSE, 0,
      "", "" },
    { "chmod-by-whom", RUN_BY("`privileged`:`yes`") CHMOD("000") READ(30, 40, "a", 1) FINISH, FALSE, 0, "", "" },
    { "chmod-by-nobody", RUN_BY("") CHMOD("000") READ(30, 40, "a", 1) FINISH, FALSE, 0, "", "" },
    { "chmod-of-another-shape",
      RUN_BY("`privileged`:true") OPERATION("chmod", "modules", 10, 20, "A") READ(30, 40, "a", 1) FINISH, FALSE, 0, "",
      "" },
};

static void
test_case(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(cases[i].history, &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", cases[i].strict, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *notes = g_strjoinv("; ", judgement->notes);
    g_assert_cmpstr(notes, ==, cases[i].notes);
    g_assert_cmpstr(judgement->reason, ==, cases[i].reason);
    g_assert_cmpint(judgement->exit, ==, cases[i].exit);
}

/* Judges a history and checks in how many of its rounds a defect shows. */
static void
assert_counts(const char *text, gint64 shown, gint64 tried)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(judgement->shown, ==, shown);
    g_assert_cmpint(judgement->tried, ==, tried);
}

static void
test_counts(void)
{
    assert_counts(STALE FINISH, 0, 0);
    assert_counts(STALE EXPECT_STALE FINISH, 1, 1);
    assert_counts(FIXED EXPECT_STALE FINISH, 0, 1);
    assert_counts(PRIMED CHANGE(10, 20, "B") LOST(30, 40) EXPECT_STALE FINISH, 0, 1);
    assert_counts(STALE EXPECT_STALE READ(50, 60, "b", 1) EXPECT_STALE FINISH, 1, 1);
    assert_counts(STALE EXPECT_STALE UNTESTABLE(100) END(0, ""), 0, 0);
    assert_counts(FIXED EXPECT_STALE AGAIN(200) READ_AS("prime", 201, 202, "`answer`:`a`", 1) CHANGE(210, 220, "B")
                      READ(230, 240, "a", 0) EXPECT_STALE FINISH,
                  1, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/reproduction/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
    }
    g_test_add_func("/reproduction/counts", test_counts);
    return g_test_run();
}
