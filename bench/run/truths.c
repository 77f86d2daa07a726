/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truths: what libvirt says with an empty cache. Runs in the sandbox's init. */
#include "run/truths.h"

#include "base/error.h"
#include "run/host/carry-out-operation.h"
#include "run/host/state.h"
#include "run/process-steps.h"

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
    CpLearned *learned;
    GPtrArray *questions;       /* of CpQuestion, asked in each state: that of `read`, and that of clients beside it */
    const CpScenario *scenario; /* whose states are visited */
    GHashTable *visited;        /* the states that the scenario led to, each with a question */
    GHashTable *known;          /* the states whose truth is known, each with a question */
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

/* Ends libvirt, and forgets what it had cached. */
static gboolean
close_session(Truths *truths, GError **error)
{
    g_auto(CpOutcome) closed = { 0 };
    cp_session_close(truths->session, &closed);
    return cp_host_forget_cache(truths->session->host, error);
}

/* Asks libvirt, which is open. Fills in the event, a `truth`. */
static void
ask(Truths *truths, const CpQuestion *question, CpEvent *event)
{
    CpSession *session = truths->session;
    const char *emulator = session->host->emulator;
    g_auto(CpOutcome) outcome = { 0 };
    if (cp_session_ask(session, question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);
    event->emulators = cp_session_emulators(session);
    /* What libvirt keeps about another emulator is not noted. */
    if (!outcome.lost && g_strcmp0(question->emulator, emulator) == 0)
        event->document = cp_documents_note(truths->documents, emulator);
    cp_event_stream_set_outcome(truths->events, event, &outcome);
}

/* Learns the truth for one question. `*open` tells whether libvirt is; if it was lost, it is not open afterwards. */
static gboolean
learn_truth(Truths *truths, const char *state, const CpQuestion *question, gboolean *open, GError **error)
{
    g_autoptr(CpEvent) event = NULL;
    for (int i = 0; i < ATTEMPTS && (!event || event->lost); i++) {
        g_clear_pointer(&event, cp_event_free);
        event = cp_event_new(CP_EVENT_TRUTH);
        if (!*open && !open_session(truths, error))
            return FALSE;
        ask(truths, question, event);
        *open = !event->lost;
        if (event->lost && !close_session(truths, error))
            return FALSE;
    }
    event->state = g_strdup(state);
    event->question = g_strdup(question->name);
    event->pass = truths->pass;
    cp_learned_add_truth(truths->learned, event);
    cp_event_stream_write(truths->events, g_steal_pointer(&event));
    return TRUE;
}

/* Learns the truths of the state that the host is in for those of these questions for which they are not known. All are put
 * to one libvirt, which starts with an empty cache; the second pass puts them in the opposite order, so that an answer that
 * depends on what was asked before is noticed. */
static gboolean
learn_truths(Truths *truths, const GPtrArray *questions, GError **error)
{
    g_autofree char *state = cp_host_state(truths->session->host);
    gboolean open = FALSE;
    for (guint i = 0; i < questions->len; i++) {
        const CpQuestion *question = questions->pdata[truths->pass == 1 ? i : questions->len - 1 - i];
        char *key = cp_learned_key(state, question->name);
        g_hash_table_add(truths->visited, g_strdup(key));
        if (g_hash_table_add(truths->known, key) && !learn_truth(truths, state, question, &open, error))
            return FALSE;
    }
    return !open || close_session(truths, error);
}

/* Learns the truths for the questions of `step`, an `ask`. */
static gboolean
learn_truths_of_step(Truths *truths, const CpStep *step, GError **error)
{
    g_autoptr(GPtrArray) questions = cp_learned_questions(truths->learned, step, error);
    return questions && learn_truths(truths, questions, error);
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

/* Visits the states that clients see, one of whom may ask something else. */
static gboolean
visit_clients(Truths *truths, const CpStep *step, GError **error)
{
    CpQuestion *beside = cp_question_new_beside(truths->learned->plan, step);
    guint before = truths->questions->len;
    if (beside)
        g_ptr_array_add(truths->questions, beside);
    gboolean done = learn_truths(truths, truths->questions, error) && visit_states(truths, step->block, error);
    g_ptr_array_set_size(truths->questions, before);
    return done;
}

static gboolean
visit_states(Truths *truths, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (cp_effect_is_state(step->operation->effect) &&
            (!cp_operate(truths->session->host, truths->scenario, step, error) ||
             !learn_truths(truths, truths->questions, error)))
            return FALSE;
        if (step->operation->op == CP_OP_ASK && !learn_truths_of_step(truths, step, error))
            return FALSE;
        gint64 times = step->operation->op == CP_OP_REPEAT ? step->number : 1;
        if (step->operation->op == CP_OP_CLIENTS ? !visit_clients(truths, step, error)
                                                 : step->block && !visit_block(truths, step->block, times, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
learn_truths_of_scenario(Truths *truths, GError **error)
{
    g_hash_table_remove_all(truths->visited);
    cp_process_steps_begin(truths->session, truths->learned->plan, NULL);
    return cp_host_reset(truths->session->host, error) &&
           cp_learned_add_machines(truths->learned, truths->scenario, truths->session, error) &&
           learn_truths(truths, truths->questions, error) && visit_states(truths, truths->scenario->steps, error);
}

gboolean
cp_truths_learn(CpLearned *learned,
                int pass,
                CpSession *session,
                CpEventStream *events,
                CpDocuments *documents,
                gboolean *left_out,
                GError **error)
{
    g_autoptr(GHashTable) visited = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func((GDestroyNotify)cp_question_free);
    const CpPlan *plan = learned->plan;
    g_ptr_array_add(questions, cp_question_new(plan));
    Truths truths = { .pass = pass,
                      .session = session,
                      .events = events,
                      .documents = documents,
                      .learned = learned,
                      .questions = questions,
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
