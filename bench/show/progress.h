/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How far a run is: one line that is rewritten on a terminal, a line now and then elsewhere.
 */
#pragma once

#include <stdio.h>

#include "history/event.h"

typedef struct _CpProgress CpProgress;

/** Begins; `rounds` is how many rounds there will be in all. */
CpProgress *cp_progress_new(FILE *out, gint64 rounds);

/** Takes notice of an event. Of the shape that cp_run() calls. */
void cp_progress_event(const CpEvent *event, gpointer progress);

/** Ends; nothing is left on a terminal. */
void cp_progress_free(CpProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpProgress, cp_progress_free)
