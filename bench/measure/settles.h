/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settles of a scenario in a result. */
#pragma once

#include "measure/result.h"

/** Adds what came of a settle, a finding about a `settle` event. */
void cp_settles_add(CpScenarioResult *scenario, const CpFinding *finding);

/** Returns the settles as JSON, which the caller owns. */
JsonArray *cp_settles_write(const CpScenarioResult *scenario);

/** Reads one settle from JSON, and adds it. */
gboolean cp_settles_read(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error);

/** The settles of one line of a scenario. */
typedef struct {
    gint64 line, limit_ns;
    const char *label;             /* NULL if it has none; owned by the scenario */
    gint64 count[CP_SETTLED_LAST]; /* how many of them came to this */
    GArray *right_ns;              /* of gint64: how long those that became right took */
} CpSettleLine;

/** Returns the lines of the scenario that have settles, in the order in which they come first: of CpSettleLine. The caller
 * owns the array. */
GPtrArray *cp_settles_lines(const CpScenarioResult *scenario);
