/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Histories: all events of a run, in memory and as a file. */
#include "history/history.h"

#include <string.h>

#include "base/error.h"
#include "base/input.h"
#include "base/output.h"

GPtrArray *
cp_history_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    gboolean ended = FALSE;
    guint line = 1;
    gsize column = 1;

    for (gsize at = 0, end; at < length; at = end + 1) {
        const char *newline = memchr(text + at, '\n', length - at);
        end = newline ? (gsize)(newline - text) : length;
        CpEvent *event = cp_event_read(file, line, text + at, end - at, error);
        if (!event)
            return NULL;
        g_ptr_array_add(history, event);

        if ((event->type == CP_EVENT_HISTORY) != (line == 1) || ended) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: %s", file, line,
                        line == 1 ? "expected a 'history' event first"
                        : ended   ? "an event after the 'end' event"
                                  : "a second 'history' event");
            return NULL;
        }
        ended = event->type == CP_EVENT_END;
        if (newline)
            line++;
        else
            column = end - at + 1;
    }
    if (!ended) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:%zu: the history is cut off, expected an 'end' event last",
                    file, line, column);
        return NULL;
    }
    return g_steal_pointer(&history);
}

GPtrArray *
cp_history_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return cp_input_read_limited(file, CP_INPUT_RECORD_MAX, &text, &length, error)
               ? cp_history_parse(file, text, length, error)
               : NULL;
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
