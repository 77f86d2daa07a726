/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress of a run: on a terminal one line that is rewritten, elsewhere a few lines. */
#pragma once

#include <stdio.h>

#include "history/event.h"

typedef struct _CpProgress CpProgress;

/** Begins. `rounds` is the number of rounds in the whole run. */
CpProgress *cp_progress_new(FILE *out, gint64 rounds);

/** Shows an event of a run; `progress` is a CpProgress. */
void cp_progress_event(const CpEvent *event, gpointer progress);

/** Ends, and clears the line on a terminal. */
void cp_progress_free(CpProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpProgress, cp_progress_free)
