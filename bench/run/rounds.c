/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rounds: each scenario is carried out step by step. Runs in the sandbox's init. */
#include "run/rounds.h"

#include <time.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/clients.h"
#include "run/host/carry-out-operation.h"
#include "run/host/emulator.h"
#include "run/host/module-directory.h"
#include "run/host/operation-functions.h"
#include "run/host/state.h"
#include "run/process-steps.h"
#include "run/reads.h"
#include "run/settle.h"

/* How often a round is run if its timing does not come about. */
#define ATTEMPTS 3

typedef struct _CpRounds {
    CpHost *host;
    CpSession *session;
    CpEventStream *events;
    CpDocuments *documents;
    const CpLearned *learned;
    CpQuestion *question; /* of `read` */
    CpReads reads;
    const CpScenario *scenario; /* whose round is run */
    guint line;                 /* of the step that was begun last */
    gint64 changed_ns;          /* when the last change of the host's state had ended, or the round began */
    char *state;                /* of the host, as the last event says */
    CpEvent *done;              /* an operation that is done, but for which the state was not looked at yet; or NULL */
    const CpStep *done_step;    /* its step */
    time_t second;              /* which the last `align` waited for */
    gboolean untimely;          /* the timing of the round did not come about */
} Rounds;

static gboolean run_steps(const GPtrArray *steps, gpointer data, GError **error);

static void
set_state(Rounds *rounds, const char *state)
{
    g_free(rounds->state);
    rounds->state = g_strdup(state);
}

/* Writes an `operation` event for a step that changes nothing on the host: when it was done. */
static void
write_moment(Rounds *rounds, const CpStep *step, gint64 begin_ns)
{
    CpEvent *event = cp_event_new(CP_EVENT_OPERATION);
    event->line = step->line;
    event->name = g_strdup(step->operation->word);
    event->args = g_strdupv(step->args);
    event->effect = g_strdup(cp_effect_name(step->operation->effect));
    event->begin_ns = begin_ns;
    event->end_ns = cp_now_ns();
    event->state = g_strdup(rounds->state);
    cp_event_stream_write(rounds->events, event);
}

/* Looks at the state after the last operation, and writes its event. That can take long, so a settle, which measures how long it is
 * after a change until libvirt's answer is right, reads before it. */
static void
finish_operation(gpointer data)
{
    Rounds *rounds = data;
    CpEvent *event = g_steal_pointer(&rounds->done);
    if (!event)
        return;
    cp_reads_begin_operation(&rounds->reads);
    event->state = cp_host_state(rounds->host);
    cp_reads_end_operation(&rounds->reads, rounds->done_step);
    set_state(rounds, event->state);
    cp_event_stream_write(rounds->events, event);
}

/* Does `act`, and notes for an `operation` event when it was done and what there is on disk afterwards. */
static gboolean
run_operation(Rounds *rounds, const CpStep *step, gboolean (*act)(Rounds *, const CpStep *, GError **), GError **error)
{
    g_autoptr(CpEvent) event = cp_event_new(CP_EVENT_OPERATION);
    event->begin_ns = cp_now_ns();
    if (!act(rounds, step, error))
        return FALSE;

    event->line = step->line;
    event->name = g_strdup(step->operation->word);
    event->args = g_strdupv(step->args);
    event->effect = g_strdup(cp_effect_name(step->operation->effect));
    event->end_ns = cp_now_ns();
    if (cp_effect_is_state(step->operation->effect))
        rounds->changed_ns = event->end_ns;
    event->document = cp_documents_note(rounds->documents, rounds->question->emulator);
    rounds->done = g_steal_pointer(&event);
    rounds->done_step = step;
    return TRUE;
}

static gboolean
open_again(Rounds *rounds, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return cp_session_open(rounds->session, error);
}

static gboolean
change_process(Rounds *rounds, const CpStep *step, GError **error)
{
    return cp_process_step_run(rounds->session, rounds->learned->plan, step, error);
}

static gboolean
operate(Rounds *rounds, const CpStep *step, GError **error)
{
    return cp_operate(rounds->host, rounds->scenario, step, error);
}

static gboolean
change_host(Rounds *rounds, const CpStep *step, GError **error)
{
    while (step->operation->op == CP_OP_TOUCH_EMULATOR && !cp_emulator_has_other_ctime(rounds->host))
        cp_reads_pause_until_second(&rounds->reads);
    cp_reads_begin_operation(&rounds->reads);
    gboolean done = run_operation(rounds, step, operate, error);
    cp_reads_end_operation(&rounds->reads, step);
    return done;
}

/* Asks all that `step`, an `ask`, asks. */
static gboolean
ask(Rounds *rounds, const CpStep *step, GError **error)
{
    g_autoptr(GPtrArray) questions = cp_learned_questions(rounds->learned, step, error);
    for (guint i = 0; questions && i < questions->len; i++) {
        if (!cp_reads_run(&rounds->reads, questions->pdata[i], step, NULL, NULL, error))
            return FALSE;
    }
    return questions != NULL;
}

static void
write_expectation(Rounds *rounds, const CpStep *step)
{
    CpEvent *event = cp_event_new(CP_EVENT_EXPECT);
    event->line = step->line;
    event->column = step->columns[g_strv_length(step->args) > 2 ? g_strv_length(step->args) - 1 : 1];
    event->args = g_strdupv(step->args);
    cp_event_stream_write(rounds->events, event);
}

static gboolean
repeat(Rounds *rounds, const CpStep *step, GError **error)
{
    for (gint64 i = 0; i < step->number; i++) {
        if (!run_steps(step->block, rounds, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
run_clients(Rounds *rounds, const CpStep *step, GError **error)
{
    CpReads *reads = &rounds->reads;
    if (!cp_clients_begin(reads, rounds->learned->plan, rounds->scenario, step, error))
        return FALSE;
    gboolean done = run_steps(step->block, rounds, error);
    finish_operation(rounds);
    if (done)
        cp_clients_end(reads);
    return done;
}

static void
align(Rounds *rounds)
{
    cp_reads_pause_until_second(&rounds->reads);
    rounds->second = time(NULL);
}

static gboolean
check_second(Rounds *rounds, const CpStep *step, GError **error)
{
    if (time(NULL) == rounds->second)
        return TRUE;
    rounds->untimely = TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s:%u:%u: the second of 'align' is over: this host is too slow",
                rounds->scenario->file, step->line, step->columns[0]);
    return FALSE;
}

static gboolean
keep_mtime(Rounds *rounds, const CpStep *step, GError **error)
{
    CpModuleDirTimes times;
    return cp_module_dir_save_times(rounds->host, &times, error) && run_steps(step->block, rounds, error) &&
           cp_module_dir_restore_times(rounds->host, &times, error);
}

/* A row of the table of operations that is not handled here does not compile. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
static gboolean
run_step(Rounds *rounds, const CpStep *step, GError **error)
{
    rounds->line = step->line;
    if (step->operation->op != CP_OP_SETTLE)
        finish_operation(rounds);
    if (rounds->reads.clients)
        cp_clients_pause(rounds->reads.clients, cp_now_ns());
    switch (step->operation->op) {
    case CP_OP_NEEDS:
        return TRUE;
    case CP_OP_CLOCK:
        rounds->host->kernel_clock = g_str_equal(step->args[0], "kernel");
        return TRUE;
    case CP_OP_START_CPU:
        rounds->host->start_cpu = step->number;
        return TRUE;
    case CP_OP_MAX_CLIENTS:
        return cp_process_step_limit(rounds->session, rounds->scenario, step, error);
    case CP_OP_START:
        return cp_session_open(rounds->session, error);
    case CP_OP_RESTART:
        cp_reads_close(&rounds->reads, step->line);
        return run_operation(rounds, step, open_again, error);
    case CP_OP_STOP:
    case CP_OP_KILL:
    case CP_OP_IDLE_EXIT:
    case CP_OP_REBOOT:
    case CP_OP_SWITCH_TARGET:
        return cp_process_step_close(&rounds->reads, rounds->scenario, step, error) &&
               run_operation(rounds, step, change_process, error);
    case CP_OP_READ:
    case CP_OP_PRIME:
        return cp_reads_run(&rounds->reads, rounds->question, step, run_steps, rounds, error);
    case CP_OP_ASK:
        return ask(rounds, step, error);
    case CP_OP_CLIENTS:
        return run_clients(rounds, step, error);
    case CP_OP_SETTLE:
        return cp_settle_run(&rounds->reads, rounds->question, rounds->learned, step, rounds->changed_ns, error);
    case CP_OP_EXPECT:
        write_expectation(rounds, step);
        return TRUE;
    case CP_OP_REPEAT:
        return repeat(rounds, step, error);
    case CP_OP_KEEP_MTIME:
        return keep_mtime(rounds, step, error);
    case CP_OP_ALIGN:
        align(rounds);
        return TRUE;
    case CP_OP_SAME_SECOND:
        return check_second(rounds, step, error);
    case CP_OP_PAUSE:
        cp_reads_pause(&rounds->reads, cp_now_ns() + step->number);
        return TRUE;
    case CP_OP_WHEN_OPENED:
        return cp_reads_await_opened(&rounds->reads, rounds->scenario, step, error);
#define CP_OPERATION(id, word, arguments, effect, changes, undo, summary) CP_IF_ON_HOST_##effect(case CP_OP_##id:)
#include "scenario/operation-table.def"
#undef CP_OPERATION
        return change_host(rounds, step, error);
    case CP_OP_LAST:
        break;
    }
    g_assert_not_reached();
}
#pragma GCC diagnostic pop

static gboolean
run_steps(const GPtrArray *steps, gpointer data, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        gint64 begin_ns = cp_now_ns();
        if (!run_step(data, step, error))
            return FALSE;
        if (step->operation->effect == CP_EFFECT_TIME || step->operation->op == CP_OP_START)
            write_moment(data, step, begin_ns);
    }
    return TRUE;
}

static gboolean
run_round(Rounds *rounds, gint64 round, GError **error)
{
    gint64 begin_ns = cp_now_ns();
    cp_process_steps_begin(rounds->session, rounds->learned->plan, rounds->scenario);
    gboolean reset = cp_host_reset(rounds->host, error);

    /* If that failed, the round has begun nevertheless, so that what leaves the scenario out is within a round. */
    CpEvent *begin = cp_event_new(CP_EVENT_ROUND);
    begin->begin_ns = begin_ns;
    begin->scenario = g_strdup(rounds->scenario->name);
    begin->round = round;
    begin->state = cp_host_state(rounds->host);
    set_state(rounds, begin->state);
    cp_event_stream_write(rounds->events, begin);
    if (!reset)
        return FALSE;

    rounds->session->libvirt_ns = 0;
    rounds->untimely = FALSE;
    rounds->changed_ns = begin_ns;
    g_autoptr(GError) cause = NULL;
    gboolean done = run_steps(rounds->scenario->steps, rounds, &cause);
    finish_operation(rounds);
    cp_clients_drop(&rounds->reads);
    cp_reads_close(&rounds->reads, rounds->line);
    if (!done && !rounds->untimely) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }

    CpEvent *end = cp_event_new(done ? CP_EVENT_ROUND_END : CP_EVENT_UNTESTABLE);
    end->libvirt_ns = rounds->session->libvirt_ns;
    end->end_ns = cp_now_ns();
    end->error = done ? NULL : g_strdup(cause->message);
    cp_event_stream_write(rounds->events, end);
    return TRUE;
}

static gboolean
run_round_in_time(Rounds *rounds, gint64 round, GError **error)
{
    gboolean done = TRUE;
    rounds->untimely = TRUE;
    for (int i = 0; i < ATTEMPTS && done && rounds->untimely; i++)
        done = run_round(rounds, round, error);
    return done;
}

CpRounds *
cp_rounds_new(const CpLearned *learned, CpSession *session, CpEventStream *events, CpDocuments *documents)
{
    Rounds *rounds = g_new0(Rounds, 1);
    rounds->learned = learned;
    rounds->host = session->host;
    rounds->session = session;
    rounds->events = events;
    rounds->documents = documents;
    rounds->question = cp_question_new(learned->plan);
    cp_reads_init(&rounds->reads, session, events, documents, rounds->question);
    rounds->reads.before_event = finish_operation;
    rounds->reads.before_event_data = rounds;
    return rounds;
}

void
cp_rounds_free(CpRounds *rounds)
{
    if (!rounds)
        return;
    cp_reads_clear(&rounds->reads);
    cp_question_free(rounds->question);
    g_free(rounds->state);
    cp_event_free(rounds->done);
    g_free(rounds);
}

gboolean
cp_rounds_run(CpRounds *rounds, guint scenario, gint64 round, gboolean *left_out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    rounds->scenario = rounds->learned->plan->scenarios->pdata[scenario];
    return *left_out || run_round_in_time(rounds, round, &cause) ||
           cp_event_stream_leave_out(rounds->events, rounds->scenario, FALSE, left_out, &cause, error);
}
