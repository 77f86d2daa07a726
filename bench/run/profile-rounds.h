/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profile rounds: cold refreshes under libvirt's debug log, which show where the time of a refresh goes. Runs in the
 * sandbox's init. */
#pragma once

#include "run/event-stream.h"
#include "run/session.h"

/** Runs a profile round and writes its `profile` event. */
gboolean
cp_profile_round_run(const CpPlan *plan, CpHost *host, CpReaper *reaper, CpEventStream *events, GError **error);
