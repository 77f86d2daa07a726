/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds a supervised command: all its processes stand still for a while. Used by the sandbox's init. */
#pragma once

#include "run/sandbox/reaper.h"

typedef struct {
    CpReaper *reaper; /* borrowed */
    GArray *held;     /* of pid_t: the processes that must be continued */
} CpHold;

/** Nothing is held yet. `reaper` is borrowed. */
CpHold *cp_hold_new(CpReaper *reaper);

/** Frees it; what it holds goes on. */
void cp_hold_free(CpHold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHold, cp_hold_free)

/**
 * Stops every process of this PID namespace but its init and the supervisor of the command. Processes of PID namespaces
 * within it go on. Returns whether all stand still; FALSE if one does not within five seconds. A process that waits in the
 * kernel counts as standing still: what it does there can come to its end, but nothing follows.
 */
gboolean cp_hold_begin(CpHold *hold);

/** Lets all that were stopped go on. */
void cp_hold_end(CpHold *hold);
