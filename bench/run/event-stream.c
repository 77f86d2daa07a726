/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The events of a run, on their way from the sandbox's init to the caller. Runs in the sandbox's init. */
#include "run/event-stream.h"

#include <stdio.h>
#include <unistd.h>

#include "base/error.h"

CpEventStream *
cp_event_stream_new(int fd)
{
    CpEventStream *stream = g_new0(CpEventStream, 1);
    stream->fd = fd;
    stream->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return stream;
}

void
cp_event_stream_free(CpEventStream *stream)
{
    if (!stream)
        return;
    close(stream->fd);
    g_hash_table_unref(stream->told);
    g_free(stream);
}

void
cp_event_stream_write(CpEventStream *stream, CpEvent *event)
{
    g_autofree char *line = cp_event_write(event);
    dprintf(stream->fd, "%s\n", line);
    cp_event_free(event);
}

void
cp_event_stream_end_task(CpEventStream *stream)
{
    dprintf(stream->fd, "\n");
}

/* Returns whether this is the first answer or document, as the type says, of this digest. */
static gboolean
is_new(CpEventStream *stream, CpEventType type, const char *digest)
{
    return g_hash_table_add(stream->told, g_strdup_printf("%d %s", type, digest));
}

void
cp_event_stream_forward(CpEventStream *stream, CpEvent *event)
{
    const char *digest = event->type == CP_EVENT_ANSWER     ? event->answer
                         : event->type == CP_EVENT_DOCUMENT ? event->document
                                                            : NULL;
    if (digest && !is_new(stream, event->type, digest))
        cp_event_free(event);
    else
        cp_event_stream_write(stream, event);
}

/* Returns a copy of the digest of `xml`, and writes an event of the type, an answer or a document, if it is new. */
static char *
tell(CpEventStream *stream, CpEventType type, const char *xml, const char *digest)
{
    if (is_new(stream, type, digest)) {
        CpEvent *event = cp_event_new(type);
        *(type == CP_EVENT_ANSWER ? &event->answer : &event->document) = g_strdup(digest);
        event->xml = g_strdup(xml);
        cp_event_stream_write(stream, event);
    }
    return g_strdup(digest);
}

void
cp_event_stream_set_outcome(CpEventStream *stream, CpEvent *event, const CpOutcome *outcome)
{
    event->answer = outcome->answer ? tell(stream, CP_EVENT_ANSWER, outcome->answer, outcome->digest) : NULL;
    event->error = g_strdup(outcome->error);
    event->lost = g_strdup(outcome->lost);
    event->domain = outcome->domain;
    event->code = outcome->code;
}

char *
cp_event_stream_document(CpEventStream *stream, const char *xml)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, xml, -1);
    return tell(stream, CP_EVENT_DOCUMENT, xml, digest);
}

gboolean
cp_event_stream_leave_out(CpEventStream *stream,
                          const CpScenario *scenario,
                          gboolean again,
                          gboolean *left_out,
                          GError **cause,
                          GError **error)
{
    if (!g_error_matches(*cause, CP_ERROR, CP_ERROR_UNTESTABLE)) {
        g_propagate_error(error, g_steal_pointer(cause));
        return FALSE;
    }

    CpEvent *event = cp_event_new(CP_EVENT_SKIP);
    event->scenario = g_strdup(scenario->name);
    event->error = g_strdup((*cause)->message);
    event->again = again;
    cp_event_stream_write(stream, event);
    g_clear_error(cause);
    *left_out = TRUE;
    return TRUE;
}
