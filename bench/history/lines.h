/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a history, which are given one after another. */
#pragma once

#include "history/history.h"

typedef struct {
    const char *file; /* its name in messages */
    CpHistoryVisit *visit;
    gpointer data;
    guint read;     /* the number of lines so far */
    gboolean ended; /* by an `end` event */
} CpHistoryLines;

/** Takes the next line, without its newline. `whole`: it has one. See cp_history_each(). */
gboolean cp_history_lines_take(CpHistoryLines *lines, const char *text, gsize length, gboolean whole, GError **error);

/** Checks that there were lines. */
gboolean cp_history_lines_end(const CpHistoryLines *lines, GError **error);
