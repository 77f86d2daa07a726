/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A watch: a command is carried out on the private host while libvirt is asked again and again. Runs in the sandbox's init. */
#pragma once

#include "run/event-stream.h"
#include "run/host/host.h"
#include "run/plan.h"

/**
 * Carries out the command of `plan->watch` as the only round of the plan's only scenario, and writes the events of it.
 *
 * Two libvirts are asked. One is kept running from before the command until after it, as a daemon is: its answers are `read`
 * events. Before and after each read the command is held, and the digest of the moment is taken (run/host/moment.h), which is
 * the state. If it is a new one, the other libvirt, which is started with an empty cache, tells the truth of it while the
 * command is still held. While a read is under way, the command runs.
 *
 * Both are the libvirt that was installed at first, with the libraries and the data that it had then: one that was started
 * anew in the middle would be another version, or a mixture, and differ for reasons that are not the host's.
 *
 * If the command cannot be watched to its end, a `skip` event says so, and `*left_out` is set.
 */
gboolean cp_watch_run(
    const CpPlan *plan, CpHost *host, CpReaper *reaper, CpEventStream *events, gboolean *left_out, GError **error);
