/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A history in a file, which is read event by event, as often as needed. */
#include "history/stream.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/input.h"
#include "history/lines.h"

#define CHUNK 65536

struct _CpHistoryStream {
    char *name;
    FILE *in;
    goffset length; /* of what was written or read at first, and its checksum; NULL before that */
    char *checksum;
};

CpHistoryStream *
cp_history_stream_new(const char *name, FILE *in)
{
    CpHistoryStream *stream = g_new0(CpHistoryStream, 1);
    stream->name = g_strdup(name);
    stream->in = in;
    stream->length = G_MAXOFFSET;
    return stream;
}

void
cp_history_stream_expect(CpHistoryStream *stream, goffset length, const char *checksum)
{
    stream->length = length;
    stream->checksum = g_strdup(checksum);
}

CpHistoryStream *
cp_history_stream_open(const char *file, GError **error)
{
    FILE *in = cp_input_open(file, error);
    return in ? cp_history_stream_new(file, in) : NULL;
}

void
cp_history_stream_free(CpHistoryStream *stream)
{
    if (!stream)
        return;
    fclose(stream->in);
    g_free(stream->name);
    g_free(stream->checksum);
    g_free(stream);
}

const char *
cp_history_stream_name(const CpHistoryStream *stream)
{
    return stream->name;
}

/* Takes the lines that end in `chunk`. `line` is the begin of one that has not ended. */
static gboolean
take_chunk(CpHistoryLines *lines, GString *line, const char *chunk, gsize length, GError **error)
{
    for (const char *at = chunk, *end = chunk + length; at < end;) {
        const char *newline = memchr(at, '\n', end - at);
        g_string_append_len(line, at, (newline ? newline : end) - at);
        if (line->len > CP_HISTORY_LINE_MAX) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: the line is too long, expected at most %zu bytes",
                        lines->file, lines->read + 1, CP_HISTORY_LINE_MAX);
            return FALSE;
        }
        if (!newline)
            break;
        if (!cp_history_lines_take(lines, line->str, line->len, TRUE, error))
            return FALSE;
        g_string_truncate(line, 0);
        at = newline + 1;
    }
    return TRUE;
}

/* Checks that what was read is the same as before. */
static gboolean
check_same(CpHistoryStream *stream, goffset length, const char *checksum, GError **error)
{
    if (!stream->checksum) {
        stream->length = length;
        stream->checksum = g_strdup(checksum);
    }
    if (g_str_equal(stream->checksum, checksum))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: it was changed while it was read", stream->name);
    return FALSE;
}

gboolean
cp_history_stream_each(CpHistoryStream *stream, CpHistoryVisit *visit, gpointer data, GError **error)
{
    CpHistoryLines lines = { .file = stream->name, .visit = visit, .data = data };
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *chunk = g_malloc(CHUNK);
    goffset length = 0;

    rewind(stream->in);
    for (gsize n; (n = fread(chunk, 1, MIN(CHUNK, stream->length - length), stream->in)) > 0; length += n) {
        g_checksum_update(checksum, (const guchar *)chunk, n);
        if (!take_chunk(&lines, line, chunk, n, error))
            return FALSE;
    }
    if (ferror(stream->in))
        return cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be read", stream->name);
    return (line->len == 0 || cp_history_lines_take(&lines, line->str, line->len, FALSE, error)) &&
           cp_history_lines_end(&lines, error) && check_same(stream, length, g_checksum_get_string(checksum), error);
}
