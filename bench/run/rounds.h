/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rounds: each scenario is carried out step by step, as often as the plan says. Runs in the sandbox's init. */
#pragma once

#include "run/documents.h"
#include "run/learned.h"

/**
 * Runs all rounds of the plan and writes their events. The order is shuffled by the plan's seed, so that a drift of the
 * machine affects all scenarios alike. A round whose timing does not come about is run again, up to three times in all.
 * A scenario whose place in `left_out` is set is skipped; one that turns out not to be testable here is left out from
 * then on.
 */
gboolean cp_rounds_run(const CpLearned *learned,
                       CpSession *session,
                       CpEventStream *events,
                       CpDocuments *documents,
                       gboolean *left_out,
                       GError **error);
