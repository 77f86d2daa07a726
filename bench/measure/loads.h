/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads: what clients that read beside each other had to wait. */
#pragma once

#include "measure/result.h"

/** Whose reads: those of clients that ask as `read` does, or of the one beside them; and whether an emulator ran meanwhile. */
typedef enum {
    CP_LOAD_DURING, /* a refresh */
    CP_LOAD_OUTSIDE,
    CP_LOAD_BESIDE_DURING,
    CP_LOAD_BESIDE_OUTSIDE,
    CP_LOAD_LAST
} CpLoadKind;

/** Returns "during_refresh", "outside_refresh", "beside_during_refresh" or "beside_outside_refresh". */
const char *cp_load_kind_name(CpLoadKind kind);

/** The fresh reads of one kind: how long it was from the planned time to the return. All members are 0 if there are no such reads. */
typedef struct {
    gint64 n, p50_ns, p90_ns, p99_ns, max_ns;
} CpLoadLatency;

/** One `clients` of one round. */
typedef struct {
    gint64 round, line, clients, rate, reads, emulators;
    gint64 changes; /* of the truth of `read`, meanwhile */
    CpLoadLatency latency[CP_LOAD_LAST];
} CpLoad;

/** Follows a finding about an event of a round: adds a load to the scenario when it ends. */
void cp_loads_add(CpResult *result, const CpFinding *finding);

/** Returns the loads as JSON, which the caller owns. */
JsonArray *cp_loads_write(const CpScenarioResult *scenario);

/** Reads one load from JSON, and adds it. */
gboolean cp_loads_read(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error);

/** The loads of one line of a scenario: medians over them, but the largest of the longest. */
typedef struct {
    gint64 rounds;
    CpLoad typical;
} CpLoadLine;

/** Returns the lines of the scenario that have loads, in the order in which they come first: of CpLoadLine. The caller owns the
 * array. */
GArray *cp_loads_lines(const CpScenarioResult *scenario);
