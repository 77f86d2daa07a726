/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the judge as a whole: histories that it once judged wrongly, each with the right value. */
#include "judged.h"

#define VIDEO(values) "<domainCapabilities><video><enum name='modelType'>" values "</enum></video></domainCapabilities>"
#define VGA "<value>vga</value>"
#define QXL "<value>qxl</value>"
#define CAPS(flags) "<qemuCaps>" flags "</qemuCaps>"
#define FLAG(name) "<flag name='" name "'/>"

/* State A has two video models, B has one, Z none; in E the emulator cannot start. */
#define TOLD                                                                                                           \
    HISTORY SCENARIO ANSWER("a", VIDEO(VGA QXL)) ANSWER("b", VIDEO(VGA)) ANSWER("z", VIDEO("")) TRUTH("A", "a")        \
        TRUTH("B", "b") TRUTH("Z", "z") FAILS("E")
#define FAILS(state) TRUTH_IN(1, state, "`error`:`invalid accelerator`,`domain`:10,`code`:1")
#define FAILED(begin, end, emulators)                                                                                  \
    READ_AS("read", begin, end, "`error`:`the probe failed`,`domain`:10,`code`:1", emulators)
#define PRIME(id) READ_AS("prime", 2, 5, "`answer`:`" id "`", 2)
#define FINISH ROUND_END(900, 1) END(0, "")

/* The same with documents: what libvirt keeps in A, in B, in C (as A, but another document), and an edited one. */
#define NOTED                                                                                                          \
    HISTORY SCENARIO ANSWER("a", VIDEO(VGA QXL)) ANSWER("b", VIDEO(VGA))                                               \
        DOCUMENT("da", CAPS(FLAG("ccid") FLAG("qxl"))) DOCUMENT("db", CAPS(FLAG("ccid")))                              \
            DOCUMENT("dc", CAPS(FLAG("qxl"))) DOCUMENT("bad", "") TRUTH_IN(1, "A", "`answer`:`a`,`document`:`da`")     \
                TRUTH_IN(1, "B", "`answer`:`b`,`document`:`db`") TRUTH_IN(1, "C", "`answer`:`a`,`document`:`dc`")      \
                    FAILS("E") ROUND("A", 0)
#define NOTED_READ(name, begin, end, id, document, emulators)                                                          \
    READ_AS(name, begin, end, "`answer`:`" id "`,`document`:`" document "`", emulators)
#define NOTED_PRIME NOTED_READ("prime", 2, 5, "a", "da", 2)
#define ON_CACHE(name, begin, end, document)                                                                           \
    "{`type`:`operation`,`line`:3,`name`:`" name "`,`args`:[],`effect`:`cache`,`state`:`A`,`begin_ns`:" #begin         \
    ",`end_ns`:" #end document "}\n"
#define RESTART(begin, end) OPERATION("restart", "process", begin, end, "A")

/* Questions about other emulators. */
#define QUESTION(emulator) "`question`:`domcaps " emulator " - - - 0`"
#define TRUTH_OF(emulator, id)                                                                                         \
    "{`type`:`truth`,`state`:`A`," QUESTION(emulator) ",`pass`:1,`answer`:`" id "`,`emulators`:1}\n"
#define READ_OF(emulator, begin, end, id, emulators)                                                                   \
    "{`type`:`read`,`line`:4," QUESTION(                                                                               \
        emulator) ",`name`:`read`,`begin_ns`:" #begin ",`end_ns`:" #end ",`answer`:`" id "`,`emulators`:" #emulators   \
                  ",`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n"

typedef struct {
    const char *name, *history;
    const char *findings; /* of the reads; or the complaint of a refusal, which begins with "H:" */
    int exit;
} Case;

static const Case cases[] = {
    /* A crash is not a truth, and a lost read is not fresh. */
    { "crash-is-failed",
      TOLD TRUTH_IN(1, "L", "`lost`:`no answer within 30 s`") ROUND("A", 0) PRIME("a") CHANGE(30, 40, "L")
          READ_AS("read", 50, 60, "`lost`:`the client died: signal 11`", 0) FINISH,
      "fresh needed, failed none", 1 },
    { "lost-truth-is-unknown",
      TOLD TRUTH_IN(1, "L", "`lost`:`no answer within 30 s`") ROUND("A", 0) PRIME("a") CHANGE(30, 40, "L")
          READ(50, 60, "a", 0) FINISH,
      "fresh needed, unknown none", 125 },
    { "lost-truth-does-not-make-errors-fresh",
      TOLD TRUTH_IN(1, "L", "`lost`:`no answer within 30 s`") ROUND("L", 0) FAILED(2, 3, 1) FINISH, "unknown needed",
      125 },

    /* After a refresh that failed, libvirt keeps nothing. */
    { "needed-after-failed-refresh",
      TOLD ROUND("A", 0) PRIME("a") CHANGE(30, 40, "E") FAILED(50, 60, 2) CHANGE(70, 80, "A") READ(90, 95, "a", 2)
          FINISH,
      "fresh needed, fresh needed, fresh needed", 0 },
    { "needed-after-failed-refresh-noted",
      NOTED NOTED_PRIME CHANGE(30, 40, "E") FAILED(50, 60, 2) CHANGE(70, 80, "A")
          NOTED_READ("read", 90, 95, "a", "da", 2) FINISH,
      "fresh needed, fresh needed, fresh needed", 0 },

    /* What counts is what was true when libvirt was called, also if it changes back meanwhile. */
    { "needed-though-it-changes-back",
      TOLD ROUND("A", 0) PRIME("a") CHANGE(30, 40, "B") OPERATION("add", "modules", 60, 65, "A") READ(50, 90, "a", 2)
          FINISH,
      "fresh needed, fresh needed", 0 },

    /* A cache that cannot be written is not an empty one. */
    { "readonly-cache-is-not-empty",
      NOTED NOTED_PRIME ON_CACHE("readonly-cache", 30, 35, ",`document`:`da`") RESTART(36, 40)
          NOTED_READ("read", 50, 60, "a", "da", 2) FINISH,
      "fresh needed, fresh spurious", 0 },
    { "readonly-cache-without-documents",
      TOLD ROUND("A", 0) PRIME("a") ON_CACHE("readonly-cache", 30, 35, "") RESTART(36, 40) READ(50, 60, "a", 2) FINISH,
      "fresh needed, fresh unknown", 0 },

    /* A change of several steps that the history has as one: an answer from its middle is the truth of no state. The runner
     * refuses such an operation within a read. */
    { "torn-by-remove-all",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("remove-all", "modules", 20, 60, "Z") READ(15, 55, "b", 2) FINISH,
      "fresh needed, torn needed", 1 },
    { "several-steps-told-each",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("remove", "modules", 20, 30, "B")
          OPERATION("remove", "modules", 31, 60, "Z") READ(15, 55, "b", 2) FINISH,
      "fresh needed, fresh needed", 0 },

    /* A command goes through states that the history does not tell: here through one whose truth is b, or an error. */
    { "during-a-command",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("run", "any", 20, 60, "Z") READ(15, 55, "b", 2) READ(70, 80, "z", 2)
          FINISH,
      "fresh needed, unknown unknown, fresh unknown", 125 },
    { "error-during-a-command",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("run", "any", 20, 60, "Z") FAILED(15, 55, 2) FINISH,
      "fresh needed, unknown unknown", 125 },
    { "right-during-a-command",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("run", "any", 20, 60, "Z") READ(15, 25, "a", 0) READ(55, 65, "z", 2)
          FINISH,
      "fresh needed, fresh none, fresh unknown", 0 },
    { "crash-during-a-command",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("run", "any", 20, 60, "Z")
          READ_AS("read", 15, 55, "`lost`:`the client died: signal 11`", 0) FINISH,
      "fresh needed, failed none", 1 },
    { "after-a-command",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("run", "any", 20, 60, "Z") READ(61, 70, "b", 0) READ(71, 75, "a", 0)
          FINISH,
      "fresh needed, torn none, stale none", 1 },
    { "command-fills-the-cache",
      NOTED "{`type`:`operation`,`line`:3,`name`:`run`,`args`:[],`effect`:`any`,`state`:`B`,`begin_ns`:1,`end_ns`:2,"
            "`document`:`db`}\n" NOTED_READ("read", 3, 4, "b", "db", 0) FINISH,
      "fresh none", 0 },
    { "not-hidden-during-a-command",
      NOTED NOTED_PRIME OPERATION("run", "any", 20, 60, "C") NOTED_READ("read", 15, 55, "a", "db", 0) FINISH,
      "fresh needed, fresh none", 0 },

    /* Contradictions. */
    { "two-truths",
      HISTORY SCENARIO ANSWER("a", VIDEO(QXL)) ANSWER("b", VIDEO(VGA)) TRUTH("A", "a") TRUTH("A", "b") ROUND("A", 0)
          READ(10, 20, "a", 2) FINISH,
      "H:6:1: a second truth of this state, question and pass", CP_EXIT_USAGE },
    { "two-passes-differ",
      HISTORY SCENARIO ANSWER("a", VIDEO(QXL)) ANSWER("b", VIDEO(VGA)) TRUTH("A", "a") ROUND("A", 0)
          READ(10, 20, "a", 2) ROUND_END(30, 1) TRUTH_IN(2, "A", "`answer`:`b`") END(0, ""),
      "unknown needed", 125 },
    { "times-backwards", TOLD ROUND("A", 1000) CHANGE(5, 6, "B") READ(10, 20, "a", 0) FINISH,
      "H:11:1: began before its round", CP_EXIT_USAGE },
    { "skip-after-round", TOLD ROUND("A", 0) READ(10, 20, "b", 2) ROUND_END(100, 1) BROKEN_OFF END(0, ""),
      "H:13:1: a 'skip' after a round of the scenario, expected it within the round that was broken off",
      CP_EXIT_USAGE },
    { "round-not-closed", TOLD ROUND("A", 0) READ(10, 20, "a", 2) ROUND("A", 30) READ(40, 50, "a", 0) FINISH,
      "H:12:1: a round within a round", CP_EXIT_USAGE },
    { "broken-off-does-not-count", TOLD ROUND("A", 0) READ(10, 20, "b", 2) BROKEN_OFF END(0, ""), "torn needed", 125 },

    /* An edited document that libvirt believes, and that says what is true. */
    { "edited-cache-believed",
      NOTED NOTED_PRIME ON_CACHE("edit-cache", 30, 35, ",`document`:`da`") RESTART(36, 40)
          NOTED_READ("read", 50, 60, "a", "da", 0) OPERATION("touch-dir", "modules", 61, 62, "A")
              NOTED_READ("read", 70, 80, "a", "da", 2) FINISH,
      "fresh needed, fresh none, fresh spurious", 0 },
    { "edited-cache-wrong",
      NOTED NOTED_PRIME ON_CACHE("edit-cache", 30, 35, ",`document`:`db`") RESTART(36, 40)
          NOTED_READ("read", 50, 60, "a", "da", 2) FINISH,
      "fresh needed, fresh needed", 0 },
    { "unreadable-cache-is-empty",
      NOTED NOTED_PRIME ON_CACHE("write-cache", 30, 35, ",`document`:`bad`") RESTART(36, 40)
          NOTED_READ("read", 50, 60, "a", "da", 2) FINISH,
      "fresh needed, fresh needed", 0 },

    /* A module that no answer shows: only what libvirt keeps on disk tells that it is gone. */
    { "hidden-in-the-document", NOTED NOTED_PRIME CHANGE(10, 20, "C") NOTED_READ("read", 30, 40, "a", "da", 0) FINISH,
      "fresh needed, fresh none hidden cache: + flag ccid", 0 },
    { "refresh-needed-by-the-document",
      NOTED NOTED_PRIME CHANGE(10, 20, "C") NOTED_READ("read", 30, 40, "a", "dc", 2) FINISH,
      "fresh needed, fresh needed", 0 },
    { "not-hidden-during-the-change",
      NOTED NOTED_PRIME CHANGE(32, 33, "C") NOTED_READ("read", 30, 40, "a", "da", 0) FINISH, "fresh needed, fresh none",
      0 },
    { "hidden-unreadable", NOTED NOTED_READ("read", 30, 40, "a", "bad", 2) FINISH,
      "fresh needed hidden cache: the answer is not XML", 0 },

    /* A name that occurs nowhere is a mistake in the scenario. */
    { "expect-with-a-typo", TOLD ROUND("A", 0) PRIME("a") EXPECT("`lacks`,`modelTyp`,`qxl`") FINISH, "fresh needed",
      CP_EXIT_USAGE },
    { "expect-without-a-typo", TOLD ROUND("B", 0) PRIME("b") EXPECT("`lacks`,`modelType`,`qxl`") FINISH, "fresh needed",
      0 },

    /* A file that was overwritten and restored: the state is the one at first. */
    { "overwritten-and-restored",
      TOLD ROUND("A", 0) PRIME("a") OPERATION("overwrite", "modules", 10, 20, "E")
          OPERATION("restore-dir", "modules", 30, 40, "A") READ(50, 60, "a", 2) FINISH,
      "fresh needed, fresh spurious", 0 },

    /* Where an error is the truth, another error is not. */
    { "another-error-is-failed",
      TOLD ROUND("A", 0) PRIME("a") CHANGE(10, 20, "E")
          READ_AS("read", 30, 40, "`error`:`no such file`,`domain`:10,`code`:38", 1) FINISH,
      "fresh needed, failed needed", 1 },
    { "never-answered", TOLD ROUND("E", 0) FAILED(30, 40, 2) FAILED(50, 60, 2) FINISH, "fresh needed, fresh needed",
      125 },
    { "no-emulator-counted", TOLD ROUND("A", 0) READ(10, 20, "a", 0) FINISH, "fresh none", 255 },
    { "other-questions-are-not-modelled",
      HISTORY SCENARIO ANSWER("a", VIDEO(QXL)) ANSWER("b", VIDEO(VGA)) TRUTH_OF("x", "a") TRUTH_OF("y", "b")
          ROUND("A", 0) READ_OF("x", 1, 2, "a", 2) READ_OF("y", 3, 4, "b", 2) READ_OF("y", 5, 6, "a", 0)
              READ_OF("x", 7, 8, "a", 1) FINISH,
      "fresh needed, fresh unknown, torn none, fresh unknown", 1 },
};

static void
describe(const CpFinding *finding, gpointer data)
{
    GString *text = data;
    if (finding->event->type != CP_EVENT_READ)
        return;
    g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "", cp_verdict_name(finding->verdict),
                           cp_refresh_name(finding->refresh));
    if (finding->hidden)
        g_string_append_printf(text, " hidden %s", finding->lines[0]);
}

static void
test_case(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) findings = g_string_new(NULL);
    g_autoptr(CpJudgement) judgement = judged(test->history, describe, findings, &error);
    if (g_str_has_prefix(test->findings, "H:")) {
        g_assert_null(judgement);
        assert_refused(&error, test->findings);
        return;
    }
    g_assert_no_error(error);
    g_assert_cmpstr(findings->str, ==, test->findings);
    g_assert_cmpint(judgement->exit, ==, test->exit);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/cases/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    return g_test_run();
}
