/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of --history. */
#include "verbs/history-file.h"

/* Whether the run has begun: the scenarios fit this host. */
static gboolean
is_from_runner(const CpEvent *event)
{
    return event->type != CP_EVENT_HISTORY && event->type != CP_EVENT_SCENARIO && event->type != CP_EVENT_SKIP;
}

void
cp_history_file_write(CpHistoryFile *file, const GPtrArray *history)
{
    if (!file->path || file->failure)
        return;
    if (!file->output && !(file->output = cp_output_begin(file->path, &file->failure)))
        return;

    for (; file->written < history->len; file->written++) {
        const CpEvent *event = history->pdata[file->written];
        g_autofree char *line = cp_event_write(event);
        fprintf(cp_output_stream(file->output), "%s\n", line);
        file->published |= is_from_runner(event);
    }
    if (file->published)
        cp_output_publish(file->output, &file->failure);
}

gboolean
cp_history_file_end(CpHistoryFile *file, GError **error)
{
    CpOutput *output = g_steal_pointer(&file->output);
    if (file->failure) {
        cp_output_discard(output);
        g_propagate_error(error, g_steal_pointer(&file->failure));
        return FALSE;
    }
    return !output || cp_output_commit(output, error);
}

void
cp_history_file_discard(CpHistoryFile *file)
{
    g_clear_pointer(&file->output, cp_output_discard);
    g_clear_error(&file->failure);
}
