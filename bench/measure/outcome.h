/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outcome of a scenario, and of a run: what its counts and notes say in one word. */
#pragma once

#include "measure/result.h"

typedef enum {
    CP_OUTCOME_PASSED,    /* every read was right; a known defect does not show */
    CP_OUTCOME_FAILED,    /* a read was stale, torn or failed, an expectation was not met, or a known defect shows */
    CP_OUTCOME_SKIPPED,   /* not run here: a `needs` step is not met */
    CP_OUTCOME_UNDECIDED, /* it could not be tested, or cannot be judged */
    CP_OUTCOME_LAST
} CpOutcome;

/** Returns "passed", "failed", "skipped" or "undecided". */
const char *cp_outcome_name(CpOutcome outcome);

/** Returns the outcome of a scenario of `result`. Sets `reason` to one line that says why, "" if it passed; the caller owns
 * it. */
CpOutcome cp_outcome_of_scenario(const CpResult *result, const CpScenarioResult *scenario, char **reason);

/** The same for the run as a whole, which is never skipped: it has the outcome that the exit status of `bench` told, but for
 * --strict, of which a result knows nothing. */
CpOutcome cp_outcome_of_run(const CpResult *result, char **reason);
