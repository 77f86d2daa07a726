/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads, and what happens while an answer is awaited. Runs in the sandbox's init. */
#include "run/reads.h"

#include <poll.h>
#include <time.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/host/emulator.h"
#include "run/host/module-directory.h"

void
cp_reads_init(CpReads *reads, CpSession *session, CpEventStream *events)
{
    *reads = (CpReads){ .session = session, .events = events };
}

/* Waits for the end of the read under way. */
static void
wait_for_answer(CpReads *reads, gint64 until_ns, int wake_fd)
{
    reads->awaited = !cp_session_wait(reads->session, until_ns, wake_fd, &reads->outcome);
}

void
cp_reads_pause(CpReads *reads, gint64 until_ns)
{
    CpReaper *reaper = reads->session->reaper;
    for (gint64 now_ns; (now_ns = cp_now_ns()) < until_ns;) {
        if (reads->awaited) {
            wait_for_answer(reads, until_ns, -1);
        } else {
            struct pollfd fd = { reaper->fd, POLLIN, 0 };
            if (poll(&fd, 1, (until_ns - now_ns) / CP_NS_PER_MS + 1) > 0)
                cp_reaper_reap(reaper);
        }
    }
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
    if (reads->opened)
        cp_opened_modules_update(reads->opened, cp_step_module(step, NULL));
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

/* The outcome of a read from a libvirt that could not be opened. */
static void
fail_unopened(CpReads *reads)
{
    gint64 now_ns = cp_now_ns();
    reads->outcome = (CpOutcome){ NULL, g_strdup_printf("libvirt could not be started: %s", reads->session->open_error),
                                  reads->session->open_lost, now_ns, now_ns };
    cp_session_close(reads->session);
}

static void
write_event(CpReads *reads, const CpStep *step, const CpReaper *before)
{
    g_auto(CpOutcome) outcome = reads->outcome;
    const CpReaper *reaper = reads->session->reaper;
    CpEvent *event = cp_event_new(CP_EVENT_READ);

    reads->outcome = (CpOutcome){ 0 };
    event->line = step->line;
    event->name = g_strdup(step->operation->word);
    event->begin_ns = outcome.call_ns;
    event->end_ns = outcome.return_ns;
    event->answer = outcome.answer ? cp_event_stream_answer(reads->events, outcome.answer) : NULL;
    *(outcome.lost ? &event->lost : &event->error) = g_steal_pointer(&outcome.error);
    event->question = g_strdup(reads->session->question);
    event->emulators = reaper->emulators - before->emulators;
    event->user_ns = reaper->user_ns - before->user_ns;
    event->system_ns = reaper->system_ns - before->system_ns;
    event->max_rss_kb = reaper->max_rss_kb;
    cp_event_stream_write(reads->events, event);
}

gboolean
cp_reads_run(CpReads *reads, const CpStep *step, CpRunBlock *run_block, gpointer data, GError **error)
{
    CpSession *session = reads->session;
    if (!cp_session_has_client(session) && !cp_session_open(session, error))
        return FALSE;

    if (step->block && !watch_modules(reads, step->block, error))
        return FALSE;

    CpReaper before = *session->reaper;
    gboolean done = TRUE;
    cp_reaper_forget_peak(session->reaper);
    cp_emulator_note_read(session->host);
    if (session->open_error) {
        fail_unopened(reads);
    } else {
        cp_session_send_read(session);
        reads->awaited = TRUE;
        if (step->block)
            done = run_block(step->block, data, error);
    }
    g_clear_pointer(&reads->opened, cp_opened_modules_free);
    if (reads->awaited)
        wait_for_answer(reads, 0, -1);
    write_event(reads, step, &before);
    return done;
}
