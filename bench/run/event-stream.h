/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The events of a run, on their way from the sandbox's init to the caller. Runs in the sandbox's init. */
#pragma once

#include "history/event.h"
#include "scenario/scenario.h"

typedef struct {
    int fd;
    GHashTable *answers; /* digests of the answers written so far */
} CpEventStream;

/** A stream that writes to `fd` and closes it at its end. */
CpEventStream *cp_event_stream_new(int fd);
void cp_event_stream_free(CpEventStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpEventStream, cp_event_stream_free)

/** Writes `event` as one line at once, and frees it. */
void cp_event_stream_write(CpEventStream *stream, CpEvent *event);

/** The digest of the answer `xml`, by which other events refer to it. The first time that an answer is given it is
 * written as an `answer` event. The caller owns the digest. */
char *cp_event_stream_answer(CpEventStream *stream, const char *xml);

/**
 * Decides what `cause`, the failure of `scenario`, means. If the scenario cannot be tested here (CP_ERROR_UNTESTABLE),
 * a `skip` event says so, `*left_out` is set, and the result is TRUE: the run goes on without it. Any other error is
 * moved to `error`. Clears `*cause`.
 */
gboolean cp_event_stream_leave_out(
    CpEventStream *stream, const CpScenario *scenario, gboolean *left_out, GError **cause, GError **error);
