/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario says that it needs of the host. Runs in the caller. */
#pragma once

#include "run/find.h"
#include "scenario/scenario.h"

/** Returns what this host does not have of what `step`, a `needs` of anything but a module, says; NULL if it has it. `kvm`: KVM
 * is usable in the sandbox; `daemons`: the target has daemons. The caller owns the text. */
char *cp_need_refusal(const CpStep *step, const CpFound *found, gboolean kvm, gboolean daemons);
