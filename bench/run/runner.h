/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner: carries out a whole plan. Runs as the sandbox's init. */
#pragma once

#include "run/plan.h"

/**
 * Carries out `plan` and writes its events to `fd`, one per line; the last is the `end` event. Closes `fd`.
 *
 * First the truths of all states are learned, which is not measured; then come the rounds, then the truths a second time
 * if the plan says so, then the profile rounds.
 */
void cp_runner_run(const CpPlan *plan, int fd);
