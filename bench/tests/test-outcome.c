/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/outcome.h. */
#include "measure/outcome.h"

#include "small-result.h"

/* Asserts the outcome of the first scenario and of the run; the run must agree with the judge's exit status. */
static void
assert_outcomes(const char *history, CpOutcome scenario, const char *why, CpOutcome run, const char *run_why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *reason = NULL, *run_reason = NULL;
    g_autoptr(GPtrArray) events = events_of(history, &error);
    g_assert_no_error(error);
    g_autoptr(CpResult) result = result_of(events);
    g_autoptr(CpJudgement) judgement = cp_judge(events, "H", FALSE, NULL, NULL, &error);
    g_assert_no_error(error);

    g_assert_cmpint(cp_outcome_of_scenario(result, result->scenarios->pdata[0], &reason), ==, scenario);
    g_assert_cmpstr(reason, ==, why);
    g_assert_cmpint(cp_outcome_of_run(result, &run_reason), ==, run);
    g_assert_cmpstr(run_reason, ==, run_why);
    g_assert_true((run == CP_OUTCOME_PASSED) == (judgement->exit == CP_EXIT_WELL));
    g_assert_true((run == CP_OUTCOME_FAILED) == (judgement->exit == CP_EXIT_BAD));
}

#define ANSWERS                                                                                                        \
    HISTORY SCENARIO ANSWER("a", "<video><value>qxl</value></video>") ANSWER("b", "<video/>") TRUTH("A", "a")          \
        TRUTH("B", "b") ROUND("A", 0) READ_AS("prime", 0, 1000, "`answer`:`a`", 1)
#define DONE ROUND_END(9000, 9000) END(0, "")

static void
test_outcomes(void)
{
    assert_outcomes(ANSWERS READ(2000, 3000, "a", 0) DONE, CP_OUTCOME_PASSED, "", CP_OUTCOME_PASSED, "");
    assert_outcomes(ANSWERS READ(2000, 3000, "b", 0) DONE, CP_OUTCOME_FAILED, "1 torn read", CP_OUTCOME_FAILED,
                    "1 of 1 scenarios");
    assert_outcomes(ANSWERS READ(2000, 3000, "a", 0) EXPECT("`lacks`,`video`,`qxl`") DONE, CP_OUTCOME_FAILED,
                    "1 expectation not met", CP_OUTCOME_FAILED, "1 of 1 scenarios");
    assert_outcomes(ANSWERS CHANGE(1000, 2000, "U") READ(2000, 3000, "b", 0) DONE, CP_OUTCOME_UNDECIDED,
                    "reads without a verdict: 1", CP_OUTCOME_UNDECIDED, "reads whose verdict is unknown: 1");
    assert_outcomes(ANSWERS UNTESTABLE(9000) END(0, ""), CP_OUTCOME_UNDECIDED, "its timing did not come about",
                    CP_OUTCOME_UNDECIDED, "the timing of s did not come about: a second passed");
    assert_outcomes(ANSWERS BROKEN_OFF END(0, ""), CP_OUTCOME_UNDECIDED,
                    "not carried out to its end: no emulator opened it", CP_OUTCOME_UNDECIDED,
                    "s could not be carried out to its end: no emulator opened it");
    assert_outcomes(HISTORY SCENARIO SKIP END(0, ""), CP_OUTCOME_SKIPPED, "no KVM", CP_OUTCOME_UNDECIDED,
                    "nothing was run: no KVM");
    assert_outcomes(HISTORY SCENARIO ANSWER("a", "<a/>") TRUTH("A", "a") ROUND("A", 0) READ(0, 1000, "a", 0) DONE,
                    CP_OUTCOME_UNDECIDED, CP_NO_EMULATOR_COUNTED, CP_OUTCOME_UNDECIDED,
                    "a fault of the harness: " CP_NO_EMULATOR_COUNTED);
    assert_outcomes(ANSWERS ROUND_END(9000, 9000), CP_OUTCOME_PASSED, "", CP_OUTCOME_UNDECIDED,
                    "the history is cut off");
    assert_outcomes(ANSWERS ROUND_END(9000, 9000) END(130, "interrupted"), CP_OUTCOME_PASSED, "", CP_OUTCOME_UNDECIDED,
                    "interrupted");
    assert_outcomes(ANSWERS ROUND_END(9000, 9000) END(255, "no space"), CP_OUTCOME_PASSED, "", CP_OUTCOME_UNDECIDED,
                    "no space");
}

/* A scenario about a defect: it counts whether the defect shows. */
static void
test_defects(void)
{
    assert_outcomes(ANSWERS CHANGE(1000, 2000, "B") READ(4000, 5000, "a", 0) EXPECT("`verdict`,`stale`") DONE,
                    CP_OUTCOME_FAILED, "known defect: reproduced as expected", CP_OUTCOME_FAILED, "1 of 1 scenarios");
    assert_outcomes(ANSWERS CHANGE(1000, 2000, "B") READ(4000, 5000, "b", 1) EXPECT("`verdict`,`stale`") DONE,
                    CP_OUTCOME_PASSED, "", CP_OUTCOME_PASSED, "");
    assert_outcomes(ANSWERS READ(4000, 5000, "a", 1) EXPECT("`refresh`,`spurious`") DONE, CP_OUTCOME_FAILED,
                    "known defect: reproduced as expected", CP_OUTCOME_FAILED, "1 of 1 scenarios");
    assert_outcomes(ANSWERS READ(4000, 5000, "b", 0) EXPECT("`verdict`,`stale`") DONE, CP_OUTCOME_UNDECIDED,
                    "known defect: not the expected defect (line 4 is torn, expected 'verdict stale')",
                    CP_OUTCOME_UNDECIDED,
                    "whether s shows its defect is not known: line 4 is torn, expected 'verdict stale'");
}

static void
test_names(void)
{
    g_assert_cmpstr(cp_outcome_name(CP_OUTCOME_PASSED), ==, "passed");
    g_assert_cmpstr(cp_outcome_name(CP_OUTCOME_UNDECIDED), ==, "undecided");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outcome/outcomes", test_outcomes);
    g_test_add_func("/outcome/defects", test_defects);
    g_test_add_func("/outcome/names", test_names);
    return g_test_run();
}
