/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of the changes of a series: which stand, and which went away again. */
#pragma once

#include "measure/change-points.h"

/** What became of a change. */
typedef enum {
    CP_FATE_STANDS,
    CP_FATE_WENT_AWAY, /* a later change took it back */
    CP_FATE_RETURNS,   /* it is the one that took back an earlier change */
} CpFate;

typedef struct {
    CpChangePoint point;
    CpFate fate; /* a weak one stands */
    guint
        other; /* if it does not stand: the index (of a value) of the change that took it back, or that it took back */
} CpLevelChange;

/**
 * Returns the change points of `n` values, of CpLevelChange, ascending. The caller owns the array.
 *
 * A change has gone away if a later level is nearer to the level before the change than to that after it, and does not differ from it
 * at CP_CHANGE_POINT_WEAK_P by Student's t test. The change that leads to this level returns, and all changes between the two have
 * gone away with the first. A change that returns is not itself taken back: of up, down and up the last one stands.
 */
GArray *cp_level_changes(const double *values, guint n);
