/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of --history: events are written to it as they come, so that a run that is killed leaves what there was. */
#pragma once

#include "base/output.h"
#include "history/event.h"

typedef struct {
    const char *path; /* borrowed; NULL if no history is wanted */
    CpOutput *output;
    guint written;      /* the number of events in it */
    gboolean published; /* it has its name */
    GError *failure;
} CpHistoryFile;

/**
 * Writes the events of `history`, an array of CpEvent, that are not written yet. The file gets its name when the run has
 * begun, or when its first round is complete if there is an earlier file, which it replaces. From then on it has every
 * event of before after each call.
 */
void cp_history_file_write(CpHistoryFile *file, const GPtrArray *history);

/** Ends the file, so that it has its name in any case. FALSE with `error` set if any event could not be written. */
gboolean cp_history_file_end(CpHistoryFile *file, GError **error);

/** Abandons the file: if it does not have its name yet, an earlier file stays as it is. */
void cp_history_file_discard(CpHistoryFile *file);
