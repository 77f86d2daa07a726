/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truths: what libvirt says with an empty cache. Runs in the sandbox's init. */
#include "run/truths.h"

#include "base/error.h"
#include "run/host/carry-out-operation.h"
#include "run/host/state.h"

typedef struct {
    CpHost *host;
    CpSession *session;
    CpEventStream *events;
    const CpScenario *scenario; /* whose states are visited */
    GHashTable *known;          /* digests of the states whose truth is known */
} Truths;

static gboolean
open_session(Truths *truths, GError **error)
{
    if (!cp_session_open(truths->session, error))
        return FALSE;
    if (!truths->session->open_error)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "libvirt cannot be started here: %s; 'capprobe doctor' says what this host lacks",
                truths->session->open_error);
    return FALSE;
}

/* Learns the truth of the state that the host is in, unless it is known. */
static gboolean
learn_truth(Truths *truths, GError **error)
{
    g_autofree char *state = cp_host_state(truths->host);
    if (g_hash_table_contains(truths->known, state))
        return TRUE;

    g_auto(CpOutcome) outcome = { 0 };
    gint64 emulators = truths->session->reaper->emulators;
    if (!open_session(truths, error))
        return FALSE;
    cp_session_send_read(truths->session);
    cp_session_wait(truths->session, 0, -1, &outcome);
    cp_session_close(truths->session);
    if (!cp_host_forget_cache(truths->host, error))
        return FALSE;

    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->state = g_strdup(state);
    event->answer = outcome.answer ? cp_event_stream_answer(truths->events, outcome.answer) : NULL;
    *(outcome.lost ? &event->lost : &event->error) = g_steal_pointer(&outcome.error);
    event->question = g_strdup(truths->session->question);
    event->pass = 1;
    event->emulators = truths->session->reaper->emulators - emulators;
    cp_event_stream_write(truths->events, event);
    g_hash_table_add(truths->known, g_steal_pointer(&state));
    return TRUE;
}

static gboolean
visit_states(Truths *truths, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (cp_effect_is_state(step->operation->effect) &&
            (!cp_operate(truths->host, truths->scenario, step, error) || !learn_truth(truths, error)))
            return FALSE;

        /* A block's second run can begin in another state than its first; a third run adds no states. */
        gint64 times = step->operation->op == CP_OP_REPEAT ? MIN(step->number, 2) : 1;
        for (gint64 n = 0; step->block && n < times; n++) {
            if (!visit_states(truths, step->block, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
learn_truths_of_scenario(Truths *truths, GError **error)
{
    return cp_host_reset(truths->host, error) && learn_truth(truths, error) &&
           visit_states(truths, truths->scenario->steps, error);
}

gboolean
cp_truths_learn(
    const CpPlan *plan, CpHost *host, CpSession *session, CpEventStream *events, gboolean *left_out, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Truths truths = { .host = host, .session = session, .events = events, .known = known };

    for (guint s = 0; s < plan->scenarios->len; s++) {
        g_autoptr(GError) cause = NULL;
        truths.scenario = plan->scenarios->pdata[s];
        if (!learn_truths_of_scenario(&truths, &cause) &&
            !cp_event_stream_leave_out(events, truths.scenario, &left_out[s], &cause, error))
            return FALSE;
    }
    return TRUE;
}
