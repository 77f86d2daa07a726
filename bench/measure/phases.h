/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a refresh spends its time: the profiled refreshes of a result, summed up. */
#pragma once

#include "measure/result.h"

typedef struct {
    const char *name; /* belongs to the result */
    gint64 ns;        /* its sum over all refreshes */
} CpPhase;

typedef struct {
    GArray *phases; /* of CpPhase, the longest first */
    guint n;        /* the number of refreshes */
    gint64 total_ns;
} CpPhases;

void cp_phases_free(CpPhases *phases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpPhases, cp_phases_free)

/** Sums up the refreshes of a variant, NULL for the only one. Returns NULL if there are none. The caller owns it. */
CpPhases *cp_phases_sum(const CpResult *result, const char *variant);
