/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The measured lines of a result, with the names that formats for other programs give them. */
#pragma once

#include "measure/result.h"

typedef struct {
    const CpScenarioResult *scenario; /* borrowed */
    char *name;                       /* "SCENARIO:LINE LABEL (VARIANT)", without what it does not have */
    char *label;                      /* "" if it has none */
    gint64 line;
    CpSummary summary; /* of its fresh samples, of which there is at least one */
} CpShownLine;

/** Returns the lines of all scenarios that have fresh samples, in order: of CpShownLine. The caller owns the array, and keeps
 * `result` until it is freed. */
GPtrArray *cp_shown_lines(const CpResult *result);

/** Returns the name of a line, as in CpShownLine. The caller owns it. */
char *cp_shown_line(const CpScenarioResult *scenario, const CpResultLine *line);

/** Returns the name of a scenario, as "SCENARIO (VARIANT)" if there are several variants. The caller owns it. */
char *cp_shown_scenario(const CpScenarioResult *scenario);
