/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads, and what happens while an answer is awaited. Runs in the sandbox's init. */
#include "run/reads.h"

#include <time.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/clients.h"
#include "run/host/emulator.h"
#include "run/host/module-directory.h"

void
cp_reads_init(
    CpReads *reads, CpSession *session, CpEventStream *events, CpDocuments *documents, const CpQuestion *question)
{
    *reads = (CpReads){ .session = session, .events = events, .documents = documents, .question = question };
}

void
cp_reads_clear(CpReads *reads)
{
    g_clear_pointer(&reads->ended, g_free);
    g_clear_pointer(&reads->stamps, json_object_unref);
    g_clear_pointer(&reads->clients, cp_clients_free);
}

/* Waits for the end of the read under way, or for something else that happens. With clients there is no other `wake_fd`. */
static void
wait_for_answer(CpReads *reads, gint64 until_ns, int wake_fd)
{
    int fd = reads->clients ? cp_clients_fd(reads->clients) : wake_fd;
    reads->awaited = !cp_session_wait(reads->session, until_ns, fd, &reads->outcome);
    if (reads->clients)
        cp_clients_look(reads->clients);
}

void
cp_reads_pause(CpReads *reads, gint64 until_ns)
{
    while (cp_now_ns() < until_ns) {
        if (reads->awaited)
            wait_for_answer(reads, until_ns, -1);
        else if (reads->clients)
            cp_clients_pause(reads->clients, until_ns);
        else
            cp_reaper_poll(reads->session->reaper, until_ns, -1);
    }
}

/* Waits as CpWait says, while a read is under way or after its end. */
static void
wait_for_command(gpointer data, gint64 until_ns, int fd)
{
    CpReads *reads = data;
    if (reads->awaited)
        wait_for_answer(reads, until_ns, fd);
    else
        cp_reaper_poll(reads->session->reaper, until_ns, fd);
}

void
cp_reads_pause_until_second(CpReads *reads)
{
    struct timespec now, coarse;
    clock_gettime(CLOCK_REALTIME, &now);
    cp_reads_pause(reads, cp_now_ns() + CP_NS_PER_S - now.tv_nsec);

    /* The kernel stamps files with the coarse clock, which lags behind by up to a tick. */
    while (clock_gettime(CLOCK_REALTIME_COARSE, &coarse), coarse.tv_sec <= now.tv_sec)
        cp_reads_pause(reads, cp_now_ns() + CP_NS_PER_MS);
}

gboolean
cp_reads_await_opened(CpReads *reads, const CpScenario *scenario, const CpStep *step, GError **error)
{
    for (;;) {
        /* Even if the read has ended: the module may have been opened before. */
        cp_opened_modules_update(reads->opened, NULL);
        if (cp_opened_modules_has(reads->opened, step->args[0]))
            return TRUE;
        if (!reads->awaited)
            break;
        wait_for_answer(reads, 0, reads->opened->fd);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s:%u:%u: no emulator opened %s during the read", scenario->file,
                step->line, step->columns[0], step->args[0]);
    return FALSE;
}

void
cp_reads_begin_operation(CpReads *reads)
{
    if (reads->opened)
        cp_opened_modules_update(reads->opened, NULL);
}

void
cp_reads_end_operation(CpReads *reads, const CpStep *step)
{
    if (reads->opened && step->operation->effect == CP_EFFECT_ANY)
        cp_opened_modules_skip(reads->opened);
    else if (reads->opened)
        cp_opened_modules_update(reads->opened, cp_step_module(step, NULL));
    /* The operation may have put another file in the emulator's place. */
    cp_start_counter_watch_also(&reads->session->reaper->starts, reads->question->emulator);
}

static gboolean
has_step(const GPtrArray *steps, CpOp op)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (step->operation->op == op || (step->block && has_step(step->block, op)))
            return TRUE;
    }
    return FALSE;
}

/* Begins to watch what emulators open during the read. */
static gboolean
watch_modules(CpReads *reads, const GPtrArray *block, GError **error)
{
    CpHost *host = reads->session->host;
    /* A directory that will be swapped in must exist by now to be watched. */
    if (has_step(block, CP_OP_SWAP_DIR) && !cp_module_dir_prepare(host, error))
        return FALSE;
    reads->opened = cp_opened_modules_new(host, error);
    return reads->opened != NULL;
}

/* Writes the event of a read that ended in `outcome`, which it clears. */
static void
write_event(
    CpReads *reads, const CpQuestion *question, guint line, const char *name, const char *label, CpOutcome *outcome)
{
    CpSession *session = reads->session;
    const CpReaper *reaper = session->reaper, *before = &session->before;
    if (reads->before_event)
        reads->before_event(reads->before_event_data);
    CpEvent *event = cp_event_new(CP_EVENT_READ);

    event->line = line;
    event->name = g_strdup(name);
    event->label = g_strdup(label);
    event->question = g_strdup(question->name);
    event->begin_ns = outcome->call_ns;
    event->end_ns = outcome->return_ns;
    cp_event_stream_set_outcome(reads->events, event, outcome);
    event->stamps = g_steal_pointer(&reads->stamps);
    g_free(reads->ended);
    reads->ended = cp_learned_outcome(event);
    if (reads->clients) {
        /* What libvirt does meanwhile may be for them. */
        event->probing = cp_clients_probing(reads->clients, event->begin_ns, event->end_ns);
        cp_event_stream_write(reads->events, event);
        cp_outcome_clear(outcome);
        return;
    }
    event->document = cp_documents_note(reads->documents, reads->question->emulator);
    event->emulators = cp_session_emulators(session);
    event->user_ns = reaper->user_ns - before->user_ns + outcome->children.user_ns;
    event->system_ns = reaper->system_ns - before->system_ns + outcome->children.system_ns;
    event->max_rss_kb = reaper->max_rss_kb;
    event->libvirt_user_ns = outcome->own.user_ns;
    event->libvirt_system_ns = outcome->own.system_ns;
    event->libvirt_instructions = outcome->instructions.own;
    event->emulator_instructions = outcome->instructions.children;
    cp_event_stream_write(reads->events, event);
    cp_outcome_clear(outcome);
}

static void
close_session(CpReads *reads, guint line, void (*close)(CpSession *, CpOutcome *))
{
    CpSession *session = reads->session;
    g_auto(CpOutcome) outcome = { 0 };
    session->before = *session->reaper;
    close(session, &outcome);
    if (outcome.lost)
        write_event(reads, reads->question, line, "close", NULL, &outcome);
}

void
cp_reads_close(CpReads *reads, guint line)
{
    close_session(reads, line, cp_session_close);
}

void
cp_reads_close_idle(CpReads *reads, guint line)
{
    close_session(reads, line, cp_session_close_idle);
}

gboolean
cp_reads_run(CpReads *reads,
             const CpQuestion *question,
             const CpStep *step,
             CpRunBlock *run_block,
             gpointer data,
             GError **error)
{
    CpSession *session = reads->session;
    if (!cp_session_has_client(session) && !cp_session_open(session, error))
        return FALSE;

    if (step->block && !watch_modules(reads, step->block, error))
        return FALSE;

    gboolean done = TRUE;
    g_clear_pointer(&reads->stamps, json_object_unref);
    reads->stamps = cp_documents_stamps(reads->documents, reads->question->emulator);
    cp_emulator_note_read(session->host);
    reads->awaited = cp_session_ask(session, question, &reads->outcome);
    if (reads->awaited && step->block) {
        session->host->wait = wait_for_command;
        session->host->wait_data = reads;
        done = run_block(step->block, data, error);
        session->host->wait = NULL;
    }
    g_clear_pointer(&reads->opened, cp_opened_modules_free);
    while (reads->awaited)
        wait_for_answer(reads, 0, -1);
    write_event(reads, question, step->line, step->operation->word, step->label, &reads->outcome);
    return done;
}
