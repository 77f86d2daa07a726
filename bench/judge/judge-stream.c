/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judges a history in a file, of which only one event is in memory at a time. */
#include "judge/judge-stream.h"

#include "base/error.h"
#include "judge/order.h"

typedef struct {
    const char *file;
    CpJudge *judge;
    CpOrder *order; /* of the second reading: the judge relies on it, but another program may have changed the file */
} Reading;

static gboolean
learn_event(CpEvent *event, guint line, gpointer data, GError **error)
{
    const Reading *reading = data;
    g_autoptr(CpEvent) owned = event;
    return cp_judge_learn(reading->judge, owned, reading->file, line, error);
}

static gboolean
judge_event(CpEvent *event, guint line, gpointer data, GError **error)
{
    const Reading *reading = data;
    g_autoptr(CpEvent) owned = event;
    if (cp_order_check(reading->order, owned)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: it was changed while it was read", reading->file, line);
        return FALSE;
    }
    cp_judge_event(reading->judge, owned);
    return TRUE;
}

CpJudgement *
cp_judge_stream(CpHistoryStream *history, gboolean strict, CpJudgeSink *sink, gpointer data, GError **error)
{
    g_autoptr(CpJudge) judge = cp_judge_new(strict, sink, data);
    g_autoptr(CpOrder) order = cp_order_new();
    Reading reading = { cp_history_stream_name(history), judge, order };
    if (!cp_history_stream_each(history, learn_event, &reading, error) ||
        !cp_history_stream_each(history, judge_event, &reading, error))
        return NULL;
    return cp_judge_finish(judge);
}
