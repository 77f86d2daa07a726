/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The counts of a scenario, and their places in a result file. */
#pragma once

#include "measure/result.h"

/** An integer of a scenario, and its place in the document. */
typedef struct {
    const char *group; /* the object that it is in; NULL for the scenario itself */
    const char *name;
    gsize offset; /* in CpScenarioResult */
} CpCountPlace;

#define CP_COUNT_PLACES_N 20

extern const CpCountPlace cp_count_places[CP_COUNT_PLACES_N];
