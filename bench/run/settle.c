/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles: libvirt is asked again and again until its answer is right. Runs in the sandbox's init. */
#include "run/settle.h"

#include "base/duration.h"
#include "run/host/state.h"

gboolean
cp_settle_run(CpReads *reads,
              const CpQuestion *question,
              const CpLearned *learned,
              const CpStep *step,
              gint64 changed_ns,
              GError **error)
{
    gint64 begin_ns = cp_now_ns(), until_ns = changed_ns + step->number;
    gint64 pause_ns = MAX(step->number / (CP_SETTLE_READS - 1), CP_NS_PER_MS);
    g_autofree char *state = NULL;

    for (;;) {
        if (!cp_reads_run(reads, question, step, NULL, NULL, error))
            return FALSE;
        gint64 now_ns = cp_now_ns();
        state = state ? state : cp_host_state(reads->session->host);
        if (now_ns >= until_ns || cp_learned_is_truth(learned, state, question->name, reads->ended))
            break;
        cp_reads_pause(reads, MIN(now_ns + pause_ns, until_ns));
    }

    CpEvent *event = cp_event_new(CP_EVENT_SETTLE);
    event->line = step->line;
    event->label = g_strdup(step->label);
    event->limit_ns = step->number;
    event->begin_ns = begin_ns;
    event->end_ns = cp_now_ns();
    cp_event_stream_write(reads->events, event);
    return TRUE;
}
