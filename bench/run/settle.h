/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles: libvirt is asked again and again until its answer is right. Runs in the sandbox's init. */
#pragma once

#include "run/learned.h"
#include "run/reads.h"

/** How many reads a settle has at most, so that a history does not grow without end. */
#define CP_SETTLE_READS 200

/**
 * Carries out `step`, a `settle`: puts `question` to libvirt, at equal intervals, until it ends as `learned` says that it
 * must in the present state, or until the limit has passed since `changed_ns`, when the last change of that state had
 * ended; at least once. Then writes a `settle` event. What was right is for the judge to say.
 */
gboolean cp_settle_run(CpReads *reads,
                       const CpQuestion *question,
                       const CpLearned *learned,
                       const CpStep *step,
                       gint64 changed_ns,
                       GError **error);
