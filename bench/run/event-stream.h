/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The events of a run, on their way from the sandbox's init to the caller. Runs in the sandbox's init. */
#pragma once

#include "history/event.h"
#include "run/libvirt/connection.h"
#include "scenario/scenario.h"

typedef struct {
    int fd;
    GHashTable *told; /* digests of the answers and documents written so far */
} CpEventStream;

/** A stream that writes to `fd` and closes it at its end. */
CpEventStream *cp_event_stream_new(int fd);
void cp_event_stream_free(CpEventStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpEventStream, cp_event_stream_free)

/** Writes `event` as one line at once, and frees it. */
void cp_event_stream_write(CpEventStream *stream, CpEvent *event);

/** Writes an event that comes from another stream, and frees it. An answer or document that was written before is only
 * freed. */
void cp_event_stream_forward(CpEventStream *stream, CpEvent *event);

/** Writes an empty line: all events of a task have been written. */
void cp_event_stream_end_task(CpEventStream *stream);

/** Fills in how the question of `event`, a `truth` or `read`, ended. The first time that an answer is given it is written
 * as an `answer` event. */
void cp_event_stream_set_outcome(CpEventStream *stream, CpEvent *event, const CpOutcome *outcome);

/** The digest of the cached document `xml`, by which other events refer to it. The first time that a document is given it
 * is written as a `document` event. The caller owns the digest. */
char *cp_event_stream_document(CpEventStream *stream, const char *xml);

/**
 * Decides what `cause`, the failure of `scenario`, means. `again`: its truths were being learned again, after the rounds. If the scenario cannot be tested here (CP_ERROR_UNTESTABLE),
 * a `skip` event says so, `*left_out` is set, and the result is TRUE: the run goes on without it. Any other error is
 * moved to `error`. Clears `*cause`.
 */
gboolean cp_event_stream_leave_out(CpEventStream *stream,
                                   const CpScenario *scenario,
                                   gboolean again,
                                   gboolean *left_out,
                                   GError **cause,
                                   GError **error);
