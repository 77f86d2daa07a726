/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/order.h: contradictions, which the judge refuses with their place. */
#include "judge/judge.h"

#include "judge-events.h"

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
        { HISTORY SCENARIO ROUND("A", 1) BROKEN_OFF READ_ERROR(3, 4, 0) END(0, ""), "H:5:1: an event of a round" },
        { HISTORY SCENARIO ROUND("A", 1) UNTESTABLE(2) READ_ERROR(3, 4, 0) END(0, ""), "H:5:1: an event of a round" },
        { HISTORY SCENARIO ROUND("A", 1) SKIP END(0, ""), "H:4:1: a 'skip' because of 'needs' within a round" },
        { HISTORY SCENARIO ROUND("A", 1) OTHER SKIP_OTHER END(0, ""), "H:5:1: a 'skip' within a round of another" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND_END(2, 1) BROKEN_OFF END(0, ""), "H:5:1: a 'skip' after a round" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND_END(2, 1) SKIP END(0, ""), "H:5:1: a 'skip' after a round" },
        { HISTORY SCENARIO ROUND("A", 1) UNTESTABLE(2) BROKEN_OFF END(0, ""), "H:5:1: a 'skip' after a round" },
        { HISTORY SCENARIO ROUND("A", 1) SKIP_AGAIN END(0, ""), "H:4:1: a 'skip' with 'again' within a round" },
        { HISTORY SCENARIO "{`type`:`skip`,`scenario`:`s`,`error`:`x`,`needs`:1,`again`:true}\n" END(0, ""),
          "H:3:1: a 'skip' because of 'needs', but 'again'" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND_END(2, 1) SKIP_AGAIN READ_ERROR(3, 4, 0) END(0, ""),
          "H:6:1: an event of a round, outside a round" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND("A", 2) END(0, ""), "H:4:1: a round within a round" },
        { HISTORY SCENARIO ROUND("A", 1) ROUND_END(3, 1) ROUND("A", 2) END(0, ""), "H:5:1: a round that began before" },
        { HISTORY SCENARIO ROUND("A", 1) BROKEN_OFF ROUND("A", 0) END(0, ""), "H:5:1: a round that began before" },
        { HISTORY SCENARIO ROUND("A", 1) PROFILE(1, 2, "") END(0, ""), "H:4:1: a profile within a round" },
        { HISTORY SCENARIO SCENARIO END(0, ""), "H:3:1: a second scenario of this name" },
        { BEGIN TRUTH("A", "a") FINISH, "H:14:1: a second truth of this state, question and pass" },
        { BEGIN TRUTH_IN(2, "A", "`answer`:`a`") TRUTH_IN(2, "A", "`answer`:`b`") FINISH, "H:15:1: a second truth" },
        { HISTORY "{`answer`:`00`,`type`:`answer`,`xml`:`<a/>` }\n" END(0, ""), "H:2:1: 'answer' is not the SHA-256" },
        { HISTORY "{`document`:`00`,`type`:`document`,`xml`:`<a/>` }\n" END(0, ""),
          "H:2:1: 'document' is not the SHA" },
        { BEGIN READ_AS("read", 1, 2, "`answer`:`a`,`document`:`d`", 1) FINISH,
          "H:14:1: refers to an unknown document" },
        { BEGIN READ_AS("read", 1, 2, "`answer`:`a`,`document`:`d`", 1) DOCUMENT("d", "<a/>") FINISH,
          "H:14:1: refers to an unknown document" },

        /* times */
        { HISTORY SCENARIO ROUND("A", 10) CHANGE(9, 11, "A") END(0, ""), "H:4:1: began before its round" },
        { HISTORY SCENARIO ROUND("A", 10) READ_ERROR(9, 11, 0) END(0, ""), "H:4:1: began before its round" },
        { HISTORY SCENARIO ROUND("A", 1) CHANGE(2, 4, "A") CHANGE(3, 5, "A") END(0, ""),
          "H:5:1: began before the operation before it had ended" },
        { HISTORY SCENARIO ROUND("A", 1) READ_ERROR(2, 4, 0) READ_ERROR(3, 5, 0) END(0, ""),
          "H:5:1: began before the read before it had ended" },
        { HISTORY SCENARIO ROUND("A", 1) READ_ERROR(2, 4, 0) CHANGE(3, 5, "A") END(0, ""),
          "H:5:1: began before the read before it had ended" },
        { HISTORY SCENARIO ROUND("A", 1) READ_ERROR(2, 4, 0) ROUND_END(3, 1) END(0, ""),
          "H:5:1: a round that ended before what happened in it" },
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
        g_assert_null(cp_judge(history, "H", FALSE, NULL, NULL, &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

/* Each place at which a run can leave out a scenario. */
static void
test_skip(void)
{
    static const struct {
        const char *history, *reason;
    } places[] = {
        /* before the run, because of 'needs' */
        { HISTORY SCENARIO SKIP END(0, ""), "nothing was run: no KVM" },
        /* while its truths are learned */
        { HISTORY SCENARIO BROKEN_OFF END(0, ""), "s could not be carried out to its end: no emulator opened it" },
        { HISTORY SCENARIO TRUTH_ERROR("A") BROKEN_OFF END(0, ""), "s could not be carried out to its end" },
        /* when the host is reset for its first round, or for a later one */
        { BEGIN BROKEN_OFF END(0, ""), "s could not be carried out to its end" },
        { BEGIN READ(1, 2, "a", 1) ROUND_END(2, 1) ROUND("A", 3) BROKEN_OFF END(0, ""),
          "s could not be carried out to its end" },
        /* for a round whose timing did not come about before */
        { BEGIN UNTESTABLE(2) ROUND("A", 3) BROKEN_OFF END(0, ""), "s could not be carried out to its end" },
        /* within a round */
        { BEGIN READ(1, 2, "a", 1) BROKEN_OFF END(0, ""), "s could not be carried out to its end" },
        /* while its truths are learned again */
        { BEGIN READ(1, 2, "a", 1) ROUND_END(2, 1) TRUTH_IN(2, "A", "`answer`:`a`") SKIP_AGAIN END(0, ""),
          "s could not be carried out to its end: libvirt cannot be started" },
        { BEGIN READ(1, 2, "a", 1) UNTESTABLE(2) SKIP_AGAIN END(0, ""), "s could not be carried out to its end" },
        { BEGIN READ(1, 2, "a", 1) ROUND_END(2, 1) OTHER SKIP_OTHER SKIP_AGAIN PROFILE(3, 4, "") END(0, ""),
          "s could not be carried out to its end" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) history = events_of(places[i].history, &error);
        g_assert_no_error(error);
        g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(judgement->exit, ==, CP_EXIT_UNTESTABLE);
        g_assert_true(g_str_has_prefix(judgement->reason, places[i].reason));
    }
}

static void
test_profile_of_no_scenario(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(HISTORY PROFILE(3, 4, "") END(0, ""), &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, NULL, NULL, &error);
    g_assert_no_error(error);
}

/* What a read said counts also if its scenario is left out later. */
static void
test_skip_keeps_rounds(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(BEGIN READ(1, 2, "x", 1) ROUND_END(2, 1) SKIP_AGAIN END(0, ""), &error);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(judgement->exit, ==, CP_EXIT_BAD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/order/refuse", test_refuse);
    g_test_add_func("/order/skip", test_skip);
    g_test_add_func("/order/skip-keeps-rounds", test_skip_keeps_rounds);
    g_test_add_func("/order/profile-of-no-scenario", test_profile_of_no_scenario);
    return g_test_run();
}
