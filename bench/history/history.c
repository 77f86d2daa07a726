/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Histories: the events of a run, one after another from a text, or all in memory. */
#include "history/history.h"

#include <string.h>

#include "base/error.h"
#include "base/output.h"
#include "history/lines.h"

/* Returns what is wrong with the place of an event; NULL if nothing is. */
static const char *
check_place(const CpEvent *event, guint line, gboolean ended)
{
    if (line == 1)
        return event->type == CP_EVENT_HISTORY ? NULL : "expected a 'history' event first";
    if (ended)
        return "an event after the 'end' event";
    return event->type == CP_EVENT_HISTORY ? "a second 'history' event" : NULL;
}

gboolean
cp_history_lines_take(CpHistoryLines *lines, const char *text, gsize length, gboolean whole, GError **error)
{
    guint line = ++lines->read;
    g_autoptr(GError) invalid = NULL;
    g_autoptr(CpEvent) event = cp_event_read(lines->file, line, text, length, &invalid);
    /* A run that was killed may have written half of its last line. */
    if (!event && !whole && line > 1 && !lines->ended)
        return TRUE;
    if (!event) {
        g_propagate_error(error, g_steal_pointer(&invalid));
        return FALSE;
    }

    const char *wrong = check_place(event, line, lines->ended);
    if (wrong) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: %s", lines->file, line, wrong);
        return FALSE;
    }
    lines->ended = event->type == CP_EVENT_END;
    return lines->visit(g_steal_pointer(&event), line, lines->data, error);
}

gboolean
cp_history_lines_end(const CpHistoryLines *lines, GError **error)
{
    if (lines->read == 0)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:1:1: empty, expected a 'history' event first", lines->file);
    return lines->read > 0;
}

gboolean
cp_history_each(const char *file, const char *text, gsize length, CpHistoryVisit *visit, gpointer data, GError **error)
{
    CpHistoryLines lines = { .file = file, .visit = visit, .data = data };
    for (gsize at = 0, end; at < length; at = end + 1) {
        const char *newline = memchr(text + at, '\n', length - at);
        end = newline ? (gsize)(newline - text) : length;
        if (!cp_history_lines_take(&lines, text + at, end - at, newline != NULL, error))
            return FALSE;
    }
    return cp_history_lines_end(&lines, error);
}

static gboolean
add(CpEvent *event, guint line G_GNUC_UNUSED, gpointer data, GError **error G_GNUC_UNUSED)
{
    g_ptr_array_add(data, event);
    return TRUE;
}

GPtrArray *
cp_history_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    return cp_history_each(file, text, length, add, history, error) ? g_steal_pointer(&history) : NULL;
}

gboolean
cp_history_save(const GPtrArray *history, const char *file, GError **error)
{
    g_autoptr(CpOutput) output = cp_output_begin(file, error);
    if (!output)
        return FALSE;
    for (guint i = 0; i < history->len; i++) {
        g_autofree char *line = cp_event_write(history->pdata[i]);
        fprintf(cp_output_stream(output), "%s\n", line);
    }
    return cp_output_commit(g_steal_pointer(&output), error);
}
