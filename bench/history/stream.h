/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A history in a file, which is read event by event, as often as needed. */
#pragma once

#include <stdio.h>

#include "history/history.h"

/** The longest line of a history, in bytes. */
#define CP_HISTORY_LINE_MAX ((gsize)64 << 20)

typedef struct _CpHistoryStream CpHistoryStream;

/** Opens a history, as cp_input_open() does. */
CpHistoryStream *cp_history_stream_open(const char *file, GError **error);

/** Makes a stream of `in`, which it closes at its end; `name` is its name in messages. */
CpHistoryStream *cp_history_stream_new(const char *name, FILE *in);

/** Says what the file held when it was written: `length` bytes with this SHA-256. If that has changed since then, all
 * readings fail as if it had changed between them. */
void cp_history_stream_expect(CpHistoryStream *stream, goffset length, const char *checksum);

void cp_history_stream_free(CpHistoryStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHistoryStream, cp_history_stream_free)

const char *cp_history_stream_name(const CpHistoryStream *stream);

/**
 * Visits the events from the first to the last, as cp_history_each() does; only one line is in memory at a time. Fails as
 * well (CP_ERROR_USAGE) if a line is longer than CP_HISTORY_LINE_MAX. All calls visit the same events, also if the file has
 * grown since the first one; if it has changed otherwise, later calls fail at their end, if not before.
 */
gboolean cp_history_stream_each(CpHistoryStream *stream, CpHistoryVisit *visit, gpointer data, GError **error);
