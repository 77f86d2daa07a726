/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rounds: each scenario is carried out step by step, as often as the plan says. Runs in the sandbox's init. */
#pragma once

#include "run/documents.h"
#include "run/learned.h"

typedef struct _CpRounds CpRounds;

/** Prepares rounds of the plan's scenarios. All arguments are borrowed. */
CpRounds *cp_rounds_new(const CpLearned *learned, CpSession *session, CpEventStream *events, CpDocuments *documents);
void cp_rounds_free(CpRounds *rounds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpRounds, cp_rounds_free)

/**
 * Runs a round of the plan's scenario with this index and writes its events. If its timing does not come about, it is run
 * again, up to three times in all. If `*left_out` is set, nothing is run; it is set if the scenario turns out not to be
 * testable here.
 */
gboolean cp_rounds_run(CpRounds *rounds, guint scenario, gint64 round, gboolean *left_out, GError **error);
