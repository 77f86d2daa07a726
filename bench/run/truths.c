/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truths: what libvirt says with an empty cache. Runs in the sandbox's init. */
#include "run/truths.h"

#include "base/error.h"
#include "run/host/carry-out-operation.h"
#include "run/host/state.h"

/* How often a truth is asked for if it is lost. */
#define ATTEMPTS 3

/* A block is repeated until it led to nothing new this many times in a row. Once is not enough: `swap-dir` exchanges two
 * directories, so that only every second time leads to the same one. */
#define IDLE_REPEATS 2

typedef struct {
    int pass;
    CpSession *session;
    CpEventStream *events;
    CpDocuments *documents;
    const CpQuestion *question;
    const CpScenario *scenario; /* whose states are visited */
    GHashTable *visited;        /* digests of the states that the scenario led to */
    GHashTable *known;          /* digests of the states whose truth is known */
} Truths;

static gboolean
open_session(Truths *truths, GError **error)
{
    CpSession *session = truths->session;
    if (!cp_session_open(session, error))
        return FALSE;
    if (!session->opened.error)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "libvirt cannot be started here: %s; 'capprobe doctor' says what this host lacks",
                session->opened.error);
    return FALSE;
}

/* Asks a libvirt that is started with an empty cache. Fills in the event, a `truth`; `lost` if libvirt was. */
static gboolean
ask(Truths *truths, CpEvent *event, gboolean *lost, GError **error)
{
    CpSession *session = truths->session;
    g_auto(CpOutcome) outcome = { 0 }, closed = { 0 };
    if (!open_session(truths, error))
        return FALSE;
    if (cp_session_ask(session, truths->question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);
    event->emulators = cp_session_emulators(session);
    event->document = outcome.lost ? NULL : cp_documents_note(truths->documents, truths->question->emulator);
    cp_session_close(session, &closed);

    *lost = outcome.lost != NULL;
    cp_event_stream_set_outcome(truths->events, event, &outcome);
    return cp_host_forget_cache(session->host, error);
}

/* Learns the truth of the state that the host is in, unless it is known. */
static gboolean
learn_truth(Truths *truths, GError **error)
{
    g_autofree char *state = cp_host_state(truths->session->host);
    g_hash_table_add(truths->visited, g_strdup(state));
    if (g_hash_table_contains(truths->known, state))
        return TRUE;

    g_autoptr(CpEvent) event = NULL;
    gboolean lost = TRUE;
    for (int i = 0; i < ATTEMPTS && lost; i++) {
        g_clear_pointer(&event, cp_event_free);
        event = cp_event_new(CP_EVENT_TRUTH);
        if (!ask(truths, event, &lost, error))
            return FALSE;
    }
    event->state = g_strdup(state);
    event->question = g_strdup(truths->question->name);
    event->pass = truths->pass;
    cp_event_stream_write(truths->events, g_steal_pointer(&event));
    g_hash_table_add(truths->known, g_steal_pointer(&state));
    return TRUE;
}

static gboolean visit_states(Truths *truths, const GPtrArray *steps, GError **error);

/* Visits the states that a block leads to, which is run `times` times, until nothing new comes up. */
static gboolean
visit_block(Truths *truths, const GPtrArray *block, gint64 times, GError **error)
{
    gint64 idle = 0;
    for (gint64 n = 0; n < times && idle < IDLE_REPEATS; n++) {
        guint before = g_hash_table_size(truths->visited);
        if (!visit_states(truths, block, error))
            return FALSE;
        idle = g_hash_table_size(truths->visited) == before ? idle + 1 : 0;
    }
    return TRUE;
}

static gboolean
visit_states(Truths *truths, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (cp_effect_is_state(step->operation->effect) &&
            (!cp_operate(truths->session->host, truths->scenario, step, error) || !learn_truth(truths, error)))
            return FALSE;
        gint64 times = step->operation->op == CP_OP_REPEAT ? step->number : 1;
        if (step->block && !visit_block(truths, step->block, times, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
learn_truths_of_scenario(Truths *truths, GError **error)
{
    g_hash_table_remove_all(truths->visited);
    return cp_host_reset(truths->session->host, error) && learn_truth(truths, error) &&
           visit_states(truths, truths->scenario->steps, error);
}

gboolean
cp_truths_learn(const CpPlan *plan,
                int pass,
                CpSession *session,
                CpEventStream *events,
                CpDocuments *documents,
                gboolean *left_out,
                GError **error)
{
    g_autoptr(GHashTable) visited = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(CpQuestion) question = cp_question_new(plan);
    Truths truths = { .pass = pass,
                      .session = session,
                      .events = events,
                      .documents = documents,
                      .question = question,
                      .visited = visited,
                      .known = known };

    for (guint s = 0; s < plan->scenarios->len; s++) {
        g_autoptr(GError) cause = NULL;
        truths.scenario = plan->scenarios->pdata[s];
        if (!left_out[s] && !learn_truths_of_scenario(&truths, &cause) &&
            !cp_event_stream_leave_out(events, truths.scenario, pass > 1, &left_out[s], &cause, error))
            return FALSE;
    }
    return TRUE;
}
