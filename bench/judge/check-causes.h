/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the libvirt of a live host is wrong, as far as the host's files show it, and what helps. */
#pragma once

#include "judge/check.h"

/** An empty list of CpCheckCause, which owns them. */
GPtrArray *cp_check_causes_new(void);

/** Whether the cached document was written by a libvirt whose files have been replaced since. */
gboolean cp_check_is_libvirt_replaced(const CpCheckCase *evidence);

/** Adds the causes and the cure to a finding, unless all is fresh. */
void cp_check_explain(const CpCheckCase *evidence, const CpLiveDaemon *daemon, CpCheckFinding *finding);
