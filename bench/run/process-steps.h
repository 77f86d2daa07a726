/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that do something to libvirt's processes, but `start` and `restart`. Run in the sandbox's init. */
#pragma once

#include "run/reads.h"

/** To be called when a round of `scenario` begins, or with NULL before truths are learned: libvirt is the plan's target again. */
void cp_process_steps_begin(CpSession *session, const CpPlan *plan, const CpScenario *scenario);

/** Carries out `max-clients`. CP_ERROR_UNTESTABLE if the target has no daemons. */
gboolean cp_process_step_limit(CpSession *session, const CpScenario *scenario, const CpStep *step, GError **error);

/** Ends libvirt for the step, a `stop`, `kill`, `idle-exit`, `reboot` or `switch-target`, if it is to end well. CP_ERROR_UNTESTABLE if
 * the target does not have what it takes. */
gboolean cp_process_step_close(CpReads *reads, const CpScenario *scenario, const CpStep *step, GError **error);

/** Carries out the rest of the step. */
gboolean cp_process_step_run(CpSession *session, const CpPlan *plan, const CpStep *step, GError **error);
