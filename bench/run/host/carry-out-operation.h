/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries out one operation on the private host. Runs in the sandbox's init. */
#pragma once

#include "run/host/host.h"
#include "scenario/scenario.h"

/**
 * Carries out `step`, which acts on modules, emulator, KVM or cache. Under `clock step` a module directory that is
 * changed by it gets the next second. If the step cannot be carried out at this place, the error is CP_ERROR_UNTESTABLE
 * with the step's place in `scenario`.
 */
gboolean cp_operate(CpHost *host, const CpScenario *scenario, const CpStep *step, GError **error);
