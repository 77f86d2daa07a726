/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A history: all events of a run, in memory and as a file.
 */
#pragma once

#include "history/event.h"

/**
 * Reads a history file: an array of CpEvent. Refuses a file that does not begin with a `history` event or does not end
 * with an `end` event (it was cut off), and whatever cp_event_read() refuses (CP_ERROR_USAGE).
 */
GPtrArray *cp_history_load(const char *file, GError **error);

/** The same for `length` bytes of `text`. */
GPtrArray *cp_history_parse(const char *file, const char *text, gsize length, GError **error);

/** Writes `history` to `file`, whole or not at all. */
gboolean cp_history_save(const GPtrArray *history, const char *file, GError **error);
