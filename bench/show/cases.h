/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as test cases, for formats that know passed, failed and skipped. */
#pragma once

#include "measure/outcome.h"

typedef struct {
    char *name;        /* of the scenario, with its variant; "run" for the run as a whole */
    CpOutcome outcome; /* of it */
    char *reason;      /* one line that says why; "" if it passed */
    GStrv details;     /* the problems, one line each */
} CpCase;

/** Returns a case for each scenario, and one for the run if it is undecided, so that it is not taken for a success: of CpCase.
 * The caller owns the array. */
GPtrArray *cp_cases(const CpResult *result);

/** Returns the outcome of a run as a sentence: "libvirt was wrong". */
const char *cp_outcome_sentence(CpOutcome outcome);
