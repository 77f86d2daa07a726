/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Histories: the events of a run, one after another from a text, or all in memory. */
#pragma once

#include "history/event.h"

/** Called with each event, which it owns then, and its line. Returns FALSE with `error` set to stop. */
typedef gboolean CpHistoryVisit(CpEvent *event, guint line, gpointer data, GError **error);

/**
 * Visits the events of a history, which is `length` bytes of `text`; `file` is its name in messages. Returns FALSE with
 * `error` set (CP_ERROR_USAGE) if it does not begin with a `history` event, has events after its `end` event, or if a line
 * is not a valid event. A history without `end` was cut off: its events are visited, but not a last line without newline
 * that is not valid.
 */
gboolean
cp_history_each(const char *file, const char *text, gsize length, CpHistoryVisit *visit, gpointer data, GError **error);

/** Returns the events of such a history, an array of CpEvent. NULL with `error` set if cp_history_each() fails. */
GPtrArray *cp_history_parse(const char *file, const char *text, gsize length, GError **error);

/** Writes the history to `file`, see cp_output_begin(). */
gboolean cp_history_save(const GPtrArray *history, const char *file, GError **error);
