/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Histories: all events of a run, in memory and as a file. */
#pragma once

#include "history/event.h"

/**
 * Reads a history file into an array of CpEvent. Returns NULL with `error` set (CP_ERROR_USAGE) if it does not begin with
 * a `history` event, does not end with an `end` event (it was cut off), or a line is not a valid event.
 */
GPtrArray *cp_history_load(const char *file, GError **error);

/** The same for `length` bytes of `text`; `file` is its name in messages. */
GPtrArray *cp_history_parse(const char *file, const char *text, gsize length, GError **error);

/** Writes the history to `file`, see cp_output_begin(). */
gboolean cp_history_save(const GPtrArray *history, const char *file, GError **error);
