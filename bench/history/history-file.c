/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history of a run: the file of --history, and what it is read from again. */
#include "history/history-file.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"

struct _CpHistoryFile {
    const char *path; /* borrowed; NULL if no file is wanted */
    CpOutput *output; /* of `path` */
    gboolean published;
    GError *failure; /* of `output` */

    FILE *kept;     /* where the events are read from */
    gboolean own;   /* it is written here; else it is what `output` writes to */
    goffset length; /* of the events in `kept`; after it may be a part of one that found no space */
    GChecksum *checksum;
    GError *lost; /* why the events could not be kept */
};

CpHistoryFile *
cp_history_file_new(const char *path)
{
    CpHistoryFile *file = g_new0(CpHistoryFile, 1);
    file->path = path;
    file->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    return file;
}

void
cp_history_file_free(CpHistoryFile *file)
{
    if (!file)
        return;
    cp_output_discard(file->output);
    if (file->kept)
        fclose(file->kept);
    g_clear_error(&file->failure);
    g_clear_error(&file->lost);
    g_checksum_free(file->checksum);
    g_free(file);
}

/* --- the file of --history --- */

/* Whether the file gets its name with this event. An earlier file is replaced when there is a complete round. */
static gboolean
is_time(const CpHistoryFile *file, const CpEvent *event)
{
    gboolean earlier = g_file_test(file->path, G_FILE_TEST_IS_REGULAR);
    gboolean begun = event->type != CP_EVENT_HISTORY && event->type != CP_EVENT_VARIANT &&
                     event->type != CP_EVENT_SCENARIO && event->type != CP_EVENT_SKIP;
    return earlier ? event->type == CP_EVENT_ROUND_END : begun;
}

static gboolean
print(FILE *out, const char *line)
{
    return fputs(line, out) != EOF && fflush(out) == 0;
}

static gboolean
write_output(CpHistoryFile *file, const CpEvent *event, const char *line)
{
    FILE *out = cp_output_stream(file->output);
    if (!print(out, line))
        return cp_error_set_errno(&file->failure, CP_ERROR_FAILED, errno, "%s: could not be written", file->path);
    file->published = file->published || is_time(file, event);
    return !file->published || cp_output_publish(file->output, &file->failure);
}

/* --- what the events are read from --- */

/* Opens a file in memory. */
static FILE *
open_memory(void)
{
    int fd = memfd_create("capprobe-history", MFD_CLOEXEC);
    FILE *memory = fd < 0 ? NULL : fdopen(fd, "w+");
    if (!memory && fd >= 0)
        close(fd);
    return memory;
}

/* Copies the first `length` bytes. */
static gboolean
copy(FILE *from, FILE *to, goffset length)
{
    char chunk[BUFSIZ];
    clearerr(from);
    rewind(from);
    while (length > 0) {
        gsize n = fread(chunk, 1, MIN((goffset)sizeof(chunk), length), from);
        if (n == 0 || fwrite(chunk, 1, n, to) != n)
            return FALSE;
        length -= n;
    }
    return fflush(to) == 0;
}

/* Goes on in memory, with what there is. */
static gboolean
move_to_memory(CpHistoryFile *file)
{
    FILE *old = g_steal_pointer(&file->kept);
    file->kept = open_memory();
    file->own = TRUE;
    gboolean moved = file->kept && (file->length == 0 || (old && copy(old, file->kept, file->length)));
    if (old)
        fclose(old);
    return moved;
}

/* Opens what the first event goes to. */
static void
begin(CpHistoryFile *file)
{
    if (file->path)
        file->output = cp_output_begin(file->path, &file->failure);
    file->kept = file->output ? cp_output_reopen(file->output) : NULL;
    file->own = !file->kept;
    if (!file->kept)
        file->kept = cp_temporary_open(NULL);
}

void
cp_history_file_write(CpHistoryFile *file, const CpEvent *event)
{
    if (file->lost)
        return;
    if (!file->kept)
        begin(file);

    g_autofree char *text = cp_event_write(event);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    gboolean written = file->output && !file->failure && write_output(file, event, line);
    gboolean kept = file->own ? file->kept && print(file->kept, line) : written;
    if (!kept && !(move_to_memory(file) && print(file->kept, line)))
        cp_error_set_errno(&file->lost, CP_ERROR_FAILED, errno, "the history could not be kept");
    g_checksum_update(file->checksum, (const guchar *)line, strlen(line));
    file->length += strlen(line);
}

gboolean
cp_history_file_is_published(const CpHistoryFile *file)
{
    return file->published;
}

gboolean
cp_history_file_end(CpHistoryFile *file, gboolean keep, GError **error)
{
    g_autoptr(CpOutput) output = g_steal_pointer(&file->output);
    if (file->failure) {
        g_propagate_error(error, g_steal_pointer(&file->failure));
        return FALSE;
    }
    return !output || !(keep || file->published) || cp_output_commit(g_steal_pointer(&output), error);
}

CpHistoryStream *
cp_history_file_read(CpHistoryFile *file, GError **error)
{
    if (file->lost) {
        g_propagate_error(error, g_steal_pointer(&file->lost));
        return NULL;
    }
    CpHistoryStream *history = cp_history_stream_new("history", g_steal_pointer(&file->kept));
    cp_history_stream_expect(history, file->length, g_checksum_get_string(file->checksum));
    return history;
}
