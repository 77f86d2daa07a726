/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The counts of a scenario, and their places in a result file. */
#include "measure/result-counts.h"

#define PLACE(group, name, member)                                                                                     \
    {                                                                                                                  \
        group, name, G_STRUCT_OFFSET(CpScenarioResult, member)                                                         \
    }

const CpCountPlace cp_count_places[CP_COUNT_PLACES_N] = {
    PLACE(NULL, "needs", needs),
    PLACE(NULL, "rounds", rounds),
    PLACE(NULL, "untestable", untestable),
    PLACE("reads", "fresh", counts.reads[CP_VERDICT_FRESH]),
    PLACE("reads", "stale", counts.reads[CP_VERDICT_STALE]),
    PLACE("reads", "torn", counts.reads[CP_VERDICT_TORN]),
    PLACE("reads", "failed", counts.reads[CP_VERDICT_FAILED]),
    PLACE("reads", "unknown", counts.reads[CP_VERDICT_UNKNOWN]),
    PLACE("reads", "hidden", counts.hidden),
    PLACE("refreshes", "needed", counts.refreshes[CP_REFRESH_NEEDED]),
    PLACE("refreshes", "spurious", counts.refreshes[CP_REFRESH_SPURIOUS]),
    PLACE("refreshes", "unknown", counts.refreshes[CP_REFRESH_UNKNOWN]),
    PLACE("operations", "changed", counts.changed),
    PLACE("operations", "unchanged", counts.unchanged),
    PLACE("expectations", "held", counts.held),
    PLACE("expectations", "failed", counts.unheld),
    PLACE(NULL, "emulators_started", counts.emulators),
    PLACE(NULL, "emulator_cpu_ns", counts.cpu_ns),
    PLACE(NULL, "libvirt_cpu_ns", counts.libvirt_cpu_ns),
    PLACE(NULL, "max_rss_kb", counts.max_rss_kb),
};
