/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of --history. */
#include "verbs/history-file.h"

/* Whether the file gets its name with this event. An earlier file is replaced when there is a complete round. */
static gboolean
is_time(const CpHistoryFile *file, const CpEvent *event)
{
    gboolean earlier = g_file_test(file->path, G_FILE_TEST_IS_REGULAR);
    gboolean begun = event->type != CP_EVENT_HISTORY && event->type != CP_EVENT_VARIANT &&
                     event->type != CP_EVENT_SCENARIO && event->type != CP_EVENT_SKIP;
    return earlier ? event->type == CP_EVENT_ROUND_END : begun;
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
        file->published = file->published || is_time(file, event);
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
