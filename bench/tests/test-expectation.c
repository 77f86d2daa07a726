/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/expectation.h. */
#include "judged.h"

#define DEVICES(video, graphics)                                                                                       \
    "<domainCapabilities><os><loader><enum name='type'><value>rom</value></enum></loader></os><devices>"               \
    "<video supported='yes'><enum name='modelType'>" video "</enum></video><graphics supported='yes'>"                 \
    "<enum name='type'>" graphics "</enum></graphics><tpm supported='no'/></devices></domainCapabilities>"
#define VALUE(value) "<value>" value "</value>"
#define TENTH(n) VALUE(n "0") VALUE(n "1") VALUE(n "2") VALUE(n "3") VALUE(n "4") VALUE(n "5") VALUE(n "6")

/* Documents are noted: d is kept in state A, e in B. The truth of F is an error, that of U is not known. */
#define BEGIN                                                                                                          \
    HISTORY SCENARIO ANSWER("a", DEVICES(VALUE("vga") VALUE("qxl"), VALUE("vnc")))                                     \
        ANSWER("b", DEVICES(VALUE("vga"), "")) ANSWER("x", "<other><thing>1</thing></other>")                          \
            ANSWER("m", DEVICES(TENTH("1") TENTH("2") TENTH("3"), "")) ANSWER("text", "no XML")                        \
                DOCUMENT("d", "<qemuCaps><flag name='f'/></qemuCaps>") DOCUMENT("e", "<qemuCaps/>")                    \
                    TRUTH_IN(1, "A", "`answer`:`a`,`document`:`d`") TRUTH_IN(1, "B", "`answer`:`b`,`document`:`e`")    \
                        TRUTH_ERROR("F") ROUND("A", 0)
#define FINISH ROUND_END(1000, 500) END(0, "")
#define PRIME READ_AS("prime", 1, 2, "`answer`:`a`,`document`:`d`", 2)
#define HIT(id, document) READ_AS("read", 30, 40, "`answer`:`" id "`,`document`:`" document "`", 0)
#define LOST READ_AS("read", 30, 40, "`lost`:`signal 11`", 0)
#define AT(column, args) "{`type`:`expect`,`line`:5,`column`:" #column ",`args`:[" args "]}\n"

#define ALL "graphics/type, os/loader/type, video/modelType"

typedef struct {
    const char *name, *history;
    const char *findings; /* about the expectations */
    int exit;
} Case;

static const Case cases[] = {
    /* elements */
    { "path", BEGIN PRIME EXPECT("`has`,`video/modelType`,`qxl`") EXPECT("`lacks`,`video/modelType`,`qxl`") FINISH,
      "holds; fails: video/modelType: qxl, vga", 1 },
    { "bare-name", BEGIN PRIME EXPECT("`has`,`modelType`,`qxl`") EXPECT("`has`,`modelType`,`none`") FINISH,
      "holds; fails: video/modelType: qxl, vga", 1 },
    { "element-around", BEGIN PRIME EXPECT("`has`,`video`,`qxl`") EXPECT("`has`,`tpm`,`no`") FINISH, "holds; holds",
      0 },
    { "no-values",
      BEGIN CHANGE(10, 20, "B") READ_AS("read", 30, 40, "`answer`:`b`,`document`:`e`", 2)
          EXPECT("`lacks`,`graphics/type`,`vnc`") EXPECT("`has`,`graphics/type`,`vnc`") FINISH,
      "holds; fails: graphics/type: no values", 1 },
    { "many-values", BEGIN READ_AS("read", 30, 40, "`answer`:`m`", 2) EXPECT("`has`,`modelType`,`40`") FINISH,
      "fails: video/modelType: 10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 25, 26, 30, 31, 32, 33, 34, 35 and 1 "
      "more",
      1 },
    { "typo", BEGIN PRIME AT(12, "`has`,`modelTyp`,`qxl`") FINISH,
      "mistake: s.scn:5:12: no answer has an element 'modelTyp', expected one of: " ALL, 254 },
    { "typo-that-would-hold", BEGIN PRIME AT(14, "`lacks`,`modelTyp`,`qxl`") FINISH,
      "mistake: s.scn:5:14: no answer has an element 'modelTyp', expected one of: " ALL, 254 },
    { "case-counts", BEGIN PRIME AT(14, "`lacks`,`video/modeltype`,`qxl`") FINISH,
      "mistake: s.scn:5:14: no answer has an element 'video/modeltype', expected one of: video/modelType", 254 },
    { "typo-in-the-first-part", BEGIN PRIME AT(19, "`defect`,`lacks`,`vide/modelType`,`qxl`") FINISH,
      "defect mistake: s.scn:5:19: no answer has an element 'vide/modelType', expected one of: " ALL, 254 },
    { "without-column", BEGIN PRIME EXPECT("`lacks`,`x/y`,`z`") FINISH,
      "mistake: s.scn:5:1: no answer has an element 'x/y', expected one of: " ALL, 254 },
    { "ambiguous", BEGIN PRIME AT(12, "`has`,`type`,`vnc`") FINISH,
      "mistake: s.scn:5:12: several elements are called 'type', expected one of: graphics/type, os/loader/type", 254 },
    { "a-value-is-not-an-element", BEGIN PRIME AT(12, "`has`,`qxl`,`qxl`") FINISH,
      "mistake: s.scn:5:12: no answer has an element 'qxl', expected one of: " ALL, 254 },
    { "not-supported-here", BEGIN PRIME EXPECT("`lacks`,`tpm/model`,`tis`") EXPECT("`has`,`tpm/model`,`tis`") FINISH,
      "holds; fails: an answer; emulators started: 2", 1 },
    { "supported-somewhere",
      HISTORY SCENARIO ANSWER("a", "<tpm supported='no'/>") ANSWER("b", "<tpm supported='yes'><model>1</model></tpm>")
          TRUTH("A", "a") TRUTH("B", "b") ROUND("A", 0) READ(30, 40, "a", 1) EXPECT("`lacks`,`tpm/model`,`1`")
              EXPECT("`lacks`,`tpm/modle`,`1`") FINISH,
      "holds; mistake: s.scn:5:1: no answer has an element 'tpm/modle', expected one of: tpm/model", 254 },
    { "after-an-error",
      BEGIN READ_ERROR(30, 40, 1) EXPECT("`has`,`modelType`,`qxl`") EXPECT("`lacks`,`modelType`,`x`")
          AT(12, "`has`,`modelTyp`,`qxl`") FINISH,
      "fails: error: timed out; fails: error: timed out; mistake: s.scn:5:12: no answer has an element 'modelTyp', "
      "expected one of: " ALL,
      254 },
    { "no-answer-at-all",
      HISTORY SCENARIO TRUTH_ERROR("F") ROUND("F", 0) READ_ERROR(30, 40, 1) EXPECT("`lacks`,`x`,`y`") FINISH,
      "fails: error: timed out", 1 },
    { "answers-that-are-not-xml",
      HISTORY SCENARIO ANSWER("text", "no XML") TRUTH("A", "text") ROUND("A", 0) READ(30, 40, "text", 1)
          EXPECT("`lacks`,`x`,`y`") FINISH,
      "holds", 0 },
    { "exact-path-first",
      HISTORY SCENARIO ANSWER("a", "<outer><outer>1</outer></outer>") TRUTH("A", "a") ROUND("A", 0) READ(30, 40, "a", 1)
          EXPECT("`has`,`outer`,`1`") EXPECT("`has`,`outer/outer`,`1`") FINISH,
      "holds; holds", 0 },
    { "answers-to-other-questions",
      BEGIN PRIME
      "{`type`:`read`,`line`:4,`question`:`other`,`name`:`read`,`begin_ns`:5,`end_ns`:6,`answer`:`x`,`emulators`:1,"
      "`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n" EXPECT(
          "`has`,`thing`,`1`") EXPECT("`has`,`modelType`,`qxl`") FINISH,
      "holds; mistake: s.scn:5:1: no answer has an element 'modelType', expected one of: other/thing", 254 },

    /* verdicts */
    { "verdict-fresh", BEGIN PRIME EXPECT("`verdict`,`fresh`") EXPECT("`verdict`,`stale`") FINISH,
      "holds; defect fails: fresh", 0 },
    { "verdict-stale",
      BEGIN PRIME CHANGE(10, 20, "B") HIT("a", "d") EXPECT("`verdict`,`stale`") EXPECT("`verdict`,`torn`") FINISH,
      "defect holds; defect fails: stale", 1 },
    { "verdict-torn", BEGIN PRIME HIT("x", "d") EXPECT("`verdict`,`torn`") EXPECT("`verdict`,`fresh`") FINISH,
      "defect holds; fails: torn", 125 },
    { "verdict-failed", BEGIN PRIME READ_ERROR(30, 40, 0) EXPECT("`verdict`,`failed`") EXPECT("`lost`") FINISH,
      "defect holds; defect fails: error: timed out", 1 },
    { "a-crash-is-not-an-error", BEGIN PRIME LOST EXPECT("`verdict`,`failed`") FINISH,
      "defect fails: failed: lost: signal 11", 125 },
    { "lost", BEGIN PRIME LOST EXPECT("`lost`") FINISH, "defect holds", 1 },
    { "verdict-unknown",
      BEGIN PRIME CHANGE(10, 20, "U") HIT("a", "d") EXPECT("`verdict`,`stale`") EXPECT("`verdict`,`fresh`") FINISH,
      "defect unknown: unknown; unknown: unknown", 125 },

    /* what is on disk */
    { "cache-fresh", BEGIN PRIME EXPECT("`cache`,`fresh`") EXPECT("`cache`,`stale`") FINISH,
      "holds; defect fails: fresh", 0 },
    { "cache-stale", BEGIN PRIME HIT("a", "e") EXPECT("`cache`,`stale`") FINISH, "defect holds", 1 },
    { "cache-not-fresh", BEGIN PRIME HIT("a", "e") EXPECT("`cache`,`fresh`") FINISH, "fails: stale", 1 },
    { "cache-stale-beside-a-stale-answer",
      BEGIN PRIME CHANGE(10, 20, "B") HIT("a", "d") EXPECT("`verdict`,`stale`") EXPECT("`cache`,`stale`") FINISH,
      "defect holds; defect holds", 1 },
    { "cache-empty",
      BEGIN PRIME READ_AS("read", 30, 40, "`answer`:`a`", 0) EXPECT("`cache`,`stale`") EXPECT("`cache`,`fresh`") FINISH,
      "defect fails: libvirt keeps nothing on disk; fails: libvirt keeps nothing on disk", 125 },
    { "cache-during-a-change", BEGIN PRIME CHANGE(35, 36, "B") HIT("a", "d") EXPECT("`cache`,`fresh`") FINISH, "holds",
      0 },
    { "cache-unknown",
      BEGIN PRIME CHANGE(10, 20, "F") READ_AS("read", 30, 40, "`answer`:`a`,`document`:`e`", 0)
          EXPECT("`cache`,`stale`") FINISH,
      "defect unknown: what libvirt keeps on disk in this state is not known", 125 },
    { "cache-not-noted",
      HISTORY SCENARIO ANSWER("a", DEVICES("", "")) TRUTH("A", "a") ROUND("A", 0) READ(30, 40, "a", 1)
          EXPECT("`cache`,`fresh`") FINISH,
      "unknown: what libvirt keeps on disk in this state is not known", 125 },

    /* refreshes */
    { "refresh-needed", BEGIN PRIME EXPECT("`refresh`,`needed`") EXPECT("`refresh`,`none`") FINISH,
      "holds; fails: needed; emulators started: 2", 1 },
    { "refresh-none", BEGIN PRIME HIT("a", "d") EXPECT("`refresh`,`none`") EXPECT("`refresh`,`spurious`") FINISH,
      "holds; defect fails: none; emulators started: 0", 0 },
    { "refresh-spurious",
      BEGIN PRIME READ_AS("read", 30, 40, "`answer`:`a`,`document`:`d`", 2) EXPECT("`refresh`,`spurious`") FINISH,
      "defect holds", 1 },
    { "refresh-unknown",
      BEGIN PRIME CHANGE(10, 20, "U") READ_AS("read", 30, 40, "`answer`:`a`,`document`:`d`", 2)
          EXPECT("`refresh`,`spurious`") FINISH,
      "defect unknown: unknown; emulators started: 2", 125 },

    /* what is wrong with the truth */
    { "defect-has",
      BEGIN PRIME EXPECT("`defect`,`has`,`modelType`,`qxl`") EXPECT("`defect`,`has`,`modelType`,`x`") FINISH,
      "defect holds; defect fails: video/modelType: qxl, vga", 1 },
    { "defect-error", BEGIN PRIME CHANGE(10, 20, "F") READ_ERROR(30, 40, 1) EXPECT("`defect`,`error`") FINISH,
      "defect holds", 1 },
    { "defect-error-not", BEGIN PRIME EXPECT("`defect`,`error`") FINISH,
      "defect fails: an answer; emulators started: 2", 0 },
    { "defect-probes", BEGIN PRIME EXPECT("`defect`,`probes`,`2`") EXPECT("`defect`,`probes`,`1`") FINISH,
      "defect holds; defect fails: an answer; emulators started: 2", 1 },
};

static void
describe(const CpFinding *finding, gpointer data)
{
    static const char *const names[] = {
        [CP_EXPECTED_HOLDS] = "holds",
        [CP_EXPECTED_FAILS] = "fails",
        [CP_EXPECTED_UNKNOWN] = "unknown",
        [CP_EXPECTED_MISTAKE] = "mistake",
    };
    GString *text = data;
    if (finding->event->type != CP_EVENT_EXPECT)
        return;
    g_string_append_printf(text, "%s%s%s%s%s", text->len > 0 ? "; " : "", finding->defect ? "defect " : "",
                           names[finding->expected], finding->lines ? ": " : "",
                           finding->lines ? finding->lines[0] : "");
}

static void
test_case(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(CpJudgement) judgement = assert_judged(test->history, describe, test->findings, test->exit);
    const char *mistake = strstr(test->findings, "mistake: ");
    if (mistake)
        g_assert_cmpstr(judgement->reason, ==, mistake + strlen("mistake: "));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/expectation/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    return g_test_run();
}
