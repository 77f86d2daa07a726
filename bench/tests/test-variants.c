/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of histories and results of several variants: each is judged and counted as if it were alone. */
#include "measure/result.h"

#include "judge-events.h"
#include "small-result.h"
#include "show/detail.h"
#include "show/table.h"

#define VARIANT(name)                                                                                                  \
    "{`type`:`variant`,`variant`:`" name "`,`environment`:{`target`:`embed`,`libvirt`:{`version`:`" name               \
    "`},`emulator`:{`version`:`QEMU`}}}\n"
#define BEGIN_VARIANTS HISTORY VARIANT("old") VARIANT("new") SCENARIO
#define ANSWER_OF(variant, id, xml) "{`type`:`answer`,`answer`:`" id "`,`xml`:`" xml "`,`variant`:`" variant "`}\n"
#define TRUTH_OF(variant, pass, state, id)                                                                             \
    "{`type`:`truth`,`variant`:`" variant "`,`state`:`" state "`,`question`:`q`,`pass`:" #pass ",`answer`:`" id        \
    "`,`emulators`:2}\n"
#define ROUND_OF(variant, state, begin)                                                                                \
    "{`type`:`round`,`variant`:`" variant "`,`scenario`:`s`,`round`:1,`state`:`" state "`,`begin_ns`:" #begin "}\n"
#define SKIP_OF(variant) "{`type`:`skip`,`variant`:`" variant "`,`scenario`:`s`,`error`:`no libvirt`,`needs`:0}\n"
#define UNMET_OF(variant) "{`type`:`skip`,`variant`:`" variant "`,`scenario`:`s`,`error`:`no KVM`,`needs`:1}\n"
#define PROFILE_OF(variant)                                                                                            \
    "{`type`:`profile`,`variant`:`" variant                                                                            \
    "`,`scenario`:`s`,`begin_ns`:0,`end_ns`:400000000,`phases`:{`work`:300000000}}\n"

/* The variants answer differently in state A. */
#define TOLD                                                                                                           \
    BEGIN_VARIANTS ANSWER_OF("old", "a", XML("1")) TRUTH_OF("old", 1, "A", "a") ANSWER_OF("new", "b", XML("2"))        \
        TRUTH_OF("new", 1, "A", "b")

/* Adds the variant and the verdict of each read. */
static void
add_verdict(const CpFinding *finding, gpointer text)
{
    if (finding->event->type == CP_EVENT_READ)
        g_string_append_printf(text, "%s%s %s %s", ((GString *)text)->len > 0 ? ", " : "", finding->variant,
                               cp_verdict_name(finding->verdict), cp_refresh_name(finding->refresh));
}

static CpJudgement *
judge(const char *text, const char *verdicts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(GString) seen = g_string_new(NULL);
    CpJudgement *judgement = cp_judge(history, "H", FALSE, add_verdict, seen, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(seen->str, ==, verdicts);
    return judgement;
}

/* What is right for one variant is not right for the other, although the state has the same digest. */
static void
test_own_truths(void)
{
    g_autoptr(CpJudgement) well = judge(TOLD ROUND_OF("old", "A", 0) READ(1, 2, "a", 2) ROUND_END(3, 1)
                                            ROUND_OF("new", "A", 3) READ(4, 5, "b", 2) ROUND_END(6, 1) END(0, ""),
                                        "old fresh needed, new fresh needed");
    g_assert_cmpint(well->exit, ==, CP_EXIT_WELL);

    g_autoptr(CpJudgement) mixed =
        judge(TOLD ANSWER_OF("new", "a", XML("1")) ROUND_OF("old", "A", 0) READ(1, 2, "a", 2) ROUND_END(3, 1)
                  ROUND_OF("new", "A", 3) READ(4, 5, "a", 2) ROUND_END(6, 1) END(0, ""),
              "old fresh needed, new torn needed");
    g_assert_cmpint(mixed->exit, ==, CP_EXIT_BAD);

    /* Nor is it unknown for both if it is unknown for one. */
    g_autoptr(CpJudgement) unknown =
        judge(TOLD TRUTH_OF("new", 2, "A", "b") ANSWER_OF("old", "b", XML("2")) TRUTH_OF("old", 2, "A", "b")
                  ROUND_OF("new", "A", 0) READ(1, 2, "b", 2) ROUND_END(3, 1) ROUND_OF("old", "A", 3) READ(4, 5, "a", 2)
                      ROUND_END(6, 1) END(0, ""),
              "new fresh needed, old unknown needed");
    g_assert_cmpint(unknown->exit, ==, CP_EXIT_UNTESTABLE);
    g_assert_cmpuint(g_strv_length(unknown->differences), ==, 1);
    g_assert_true(g_str_has_prefix(unknown->differences[0], "old: the two truths of state A differ"));
}

static void
test_reasons(void)
{
    g_autoptr(CpJudgement) skipped = judge(
        TOLD SKIP_OF("new") ROUND_OF("old", "A", 0) READ(1, 2, "a", 2) ROUND_END(3, 1) END(0, ""), "old fresh needed");
    g_assert_cmpint(skipped->exit, ==, CP_EXIT_UNTESTABLE);
    g_assert_cmpstr(skipped->reason, ==, "s (new) could not be carried out to its end: no libvirt");

    /* As alone: if all scenarios of a variant need what the host does not have, nothing is known of it. */
    g_autoptr(CpJudgement) unmet = judge(
        TOLD UNMET_OF("new") ROUND_OF("old", "A", 0) READ(1, 2, "a", 2) ROUND_END(3, 1) END(0, ""), "old fresh needed");
    g_assert_cmpint(unmet->exit, ==, CP_EXIT_UNTESTABLE);
    g_assert_cmpstr(unmet->reason, ==, "the variant new had no complete round");

    /* A round that counts for one variant does not make up for one that does not for the other. */
    g_autoptr(CpJudgement) untimely = judge(TOLD ROUND_OF("new", "A", 0) UNTESTABLE(1) ROUND_OF("old", "A", 1)
                                                READ(1, 2, "a", 2) ROUND_END(3, 1) END(0, ""),
                                            "old fresh needed");
    g_assert_cmpint(untimely->exit, ==, CP_EXIT_UNTESTABLE);
    g_assert_cmpstr(untimely->reason, ==, "the timing of s (new) did not come about: a second passed");
}

static void
test_refuse(void)
{
    static const struct {
        const char *history, *complaint;
    } refusals[] = {
        { HISTORY VARIANT("old") VARIANT("old") END(0, ""), "H:3:1: a second variant of this name" },
        { HISTORY SCENARIO VARIANT("old") END(0, ""), "H:3:1: a 'variant' after other events" },
        { HISTORY SCENARIO SKIP_OF("old") END(0, ""), "H:3:1: refers to an unknown variant" },
        { BEGIN_VARIANTS SKIP_OF("other") END(0, ""), "H:5:1: refers to an unknown variant" },
        { BEGIN_VARIANTS SKIP END(0, ""), "H:5:1: does not say to which variant it belongs" },
        { BEGIN_VARIANTS ANSWER("a", "<a/>") END(0, ""), "H:5:1: does not say to which variant it belongs" },
        { BEGIN_VARIANTS ROUND("A", 0) END(0, ""), "H:5:1: does not say to which variant it belongs" },
        { BEGIN_VARIANTS PROFILE(0, 1, "") END(0, ""), "H:5:1: does not say to which variant it belongs" },
        { BEGIN_VARIANTS ROUND_OF("old", "A", 0) SKIP_OF("new") END(0, ""),
          "H:6:1: belongs to another variant than the round that it is in" },
        { BEGIN_VARIANTS ROUND_OF("old", "A", 0) ANSWER_OF("new", "a", "<a/>") END(0, ""),
          "H:6:1: belongs to another variant than the round that it is in" },
        { BEGIN_VARIANTS ANSWER_OF("new", "a", "<a/>") TRUTH_OF("old", 1, "A", "a") END(0, ""),
          "H:6:1: refers to an unknown answer" },
        { TOLD ROUND_OF("old", "A", 0) READ(1, 2, "b", 2) END(0, ""), "H:10:1: refers to an unknown answer" },
        { TOLD TRUTH_OF("old", 1, "A", "a") END(0, ""), "H:9:1: a second truth of this state, question and pass" },
        { TOLD ROUND_OF("old", "A", 0) READ(1, 2, "a", 2) ROUND_END(3, 1) SKIP_OF("old") END(0, ""),
          "H:12:1: a 'skip' after a round of the scenario" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) history = events_of(refusals[i].history, &error);
        g_assert_no_error(error);
        g_assert_null(cp_judge(history, "H", FALSE, NULL, NULL, &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

/* One round of each variant of a scenario; `old` has a stale read, `new` is broken off in a second scenario. */
static CpResult *
two_variants(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history =
        events_of(TOLD ANSWER_OF("old", "b", XML("2")) TRUTH_OF("old", 1, "B", "b") ROUND_OF("old", "B", 0)
                      READ(1000000, 3000000, "b", 2) CHANGE(3000000, 3000000, "A") READ(4000000, 5000000, "b", 0)
                          ROUND_END(6000000, 3000000) ROUND_OF("new", "A", 6000000) READ(7000000, 8000000, "b", 2)
                              ROUND_END(9000000, 1000000) PROFILE_OF("new") END(0, ""),
                  &error);
    g_assert_no_error(error);
    return result_of(history);
}

static void
assert_row(const CpResult *result, guint place, const char *variant, gint64 reads, gint64 stale, guint samples)
{
    const CpScenarioResult *row = result->scenarios->pdata[place];
    g_assert_cmpstr(row->name, ==, "s");
    g_assert_cmpstr(row->variant, ==, variant);
    g_assert_cmpint(row->rounds, ==, 1);
    g_assert_cmpint(row->counts.reads[CP_VERDICT_FRESH], ==, reads - stale);
    g_assert_cmpint(row->counts.reads[CP_VERDICT_STALE], ==, stale);
    g_assert_cmpuint(row->samples->len, ==, samples);
}

static void
test_result(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) result = two_variants();
    g_autofree char *text = cp_result_write(result);
    g_autoptr(CpResult) again = cp_result_parse("R", text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *text_again = cp_result_write(again);

    g_assert_cmpstr(text, ==, text_again);
    g_assert_cmpuint(again->variants->len, ==, 2);
    g_assert_cmpuint(again->scenarios->len, ==, 2);
    assert_row(again, 0, "old", 2, 1, 2);
    assert_row(again, 1, "new", 1, 0, 1);
}

static void
test_refuse_result(void)
{
    static const struct {
        const char *old, *new, *complaint;
    } cases[] = {
        { "`name` : `new`", "`name` : `old`", "R:4:3: a second variant 'old'" },
        { "`name` : `new`", "`name` : `n w`", "R:4:3: 'n w' is not the name of a variant, expected letters" },
        { "`name` : `new`", "`nam` : `new`", "R:6:7: member 'name' is missing or of the wrong type" },
        { "`variants` : [", "`variants` : [ 5,", "R:4:3: a variant is not an object" },
        { "`variants` : [", "`variants` : 5, `x` : [", "R:4:3: member 'variants' is missing or of the wrong type" },
        { "`variant` : `new`", "`variant` : `x`", "R:38:7: unknown variant 'x'" },
        { "`variant` : `new`", "`varian` : `new`", "R:38:7: member 'variant' is missing or of the wrong type" },
    };
    g_autoptr(CpResult) result = two_variants();
    g_autofree char *text = g_strdelimit(cp_result_write(result), "\"", '`');

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const char *place = strstr(text, cases[i].old);
        g_test_message("%s", cases[i].new);
        g_assert_nonnull(place);
        g_autofree char *changed =
            g_strdup_printf("%.*s%s%s", (int)(place - text), text, cases[i].new, place + strlen(cases[i].old));
        g_assert_null(cp_result_parse("R", g_strdelimit(changed, "`", '"'), strlen(changed), &error));
        assert_refused(&error, cases[i].complaint);
    }
}

static void
test_table(void)
{
    g_autoptr(CpResult) result = two_variants();
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(&memory,
               "old: libvirt old (embed), QEMU\n"
               "old: 0 modules in ?\n"
               "new: libvirt new (embed), QEMU\n"
               "new: 0 modules in ?\n"
               "KVM ?, rootless, seed 7\n"
               "?, ?\n"
               "\n"
               "scenario  variant  samples  fresh  stale  torn  failed  hidden  needed  spurious  emulators   median  "
               "95 % interval      p90      max  CPU each     peak\n"
               "s         old            1      1      1     0       0       0       1         0          2  2.00 ms  "
               "        n < 6  2.00 ms  2.00 ms   3.00 ms  45.0 MB\n"
               "s         new            1      1      0     0       0       0       1         0          2  1.00 ms  "
               "        n < 6  1.00 ms  1.00 ms   1.50 ms  45.0 MB\n"
               "samples: measured reads that were fresh; all other counts include 'prime'\n"
               "\n"
               "median cost of a read  libvirt CPU  emulator CPU  libvirt instructions  emulator instructions\n"
               "s:4 (old)                  0.00 ns       3.00 ms                     -                      -\n"
               "s:4 (new)                  0.00 ns       3.00 ms                     -                      -\n"
               "\n"
               "s (old), round 1, line 4: stale: - e 1; + e 2\n"
               "\n"
               "harness overhead: the rounds took 2.250 times as long as libvirt's calls in them\n"
               "\n"
               "Profile of new: mean of 1 cold refreshes, in extra rounds with libvirt's debug log\n"
               "\n"
               "where a cold refresh spends its time  per refresh   share\n"
               "work                                       300 ms  75.0 %\n");
}

/* Rounds alternate, but the report goes variant by variant. */
static void
test_detail(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(
        TOLD ROUND_OF("new", "A", 0) READ(0, 2, "b", 2) ROUND_END(3, 1) ROUND_OF("old", "A", 3) READ(3, 5, "a", 2)
            ROUND_END(6, 1) ROUND_OF("new", "A", 6) READ(6, 8, "b", 2) UNTESTABLE(9) END(255, "old: x"),
        &error);
    g_assert_no_error(error);
    Memory memory = { 0 };
    g_autoptr(CpDetail) detail = cp_detail_new(FALSE, memory_begin(&memory));
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_detail_add, detail, &error);
    g_assert_no_error(error);
    cp_detail_finish(detail, judgement);
    memory_end(&memory,
               "old: s (s.scn)\n"
               " round 1\n"
               "   0.000 s  line 4    read                      2.00 ns  fresh   needed refresh, emulators: 2\n"
               "new: s (s.scn)\n"
               " round 1\n"
               "   0.000 s  line 4    read                      2.00 ns  fresh   needed refresh, emulators: 2\n"
               " round 1\n"
               "   0.000 s  line 4    read                      2.00 ns  fresh   needed refresh, emulators: 2\n"
               "  this round does not count: a second passed\n"
               "\n"
               "old: 1 read: 1 fresh\n"
               "new: 1 read: 1 fresh\n"
               "the run is not complete: old: x\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variants/own-truths", test_own_truths);
    g_test_add_func("/variants/reasons", test_reasons);
    g_test_add_func("/variants/refuse", test_refuse);
    g_test_add_func("/variants/result", test_result);
    g_test_add_func("/variants/refuse-result", test_refuse_result);
    g_test_add_func("/variants/table", test_table);
    g_test_add_func("/variants/detail", test_detail);
    return g_test_run();
}
