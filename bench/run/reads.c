/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads, and what happens while an answer is awaited. Runs in the sandbox's init. */
#include "run/reads.h"

#include <poll.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/host/emulator.h"

void
cp_reads_init(CpReads *reads, CpSession *session, CpEventStream *events)
{
    *reads = (CpReads){ .session = session, .events = events, .opened_fd = -1 };
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
    g_autofree char *name = g_strconcat(step->args[0], ".so", NULL);
    char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));

    while (reads->awaited) {
        for (ssize_t n; (n = read(reads->opened_fd, buffer, sizeof(buffer))) > 0;) {
            for (char *at = buffer; at < buffer + n;) {
                const struct inotify_event *event = (const struct inotify_event *)at;
                if (event->len && g_str_equal(event->name, name))
                    return TRUE;
                at += sizeof(*event) + event->len;
            }
        }
        wait_for_answer(reads, 0, reads->opened_fd);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s:%u:%u: no emulator opened %s during the read", scenario->file,
                step->line, step->columns[0], step->args[0]);
    return FALSE;
}

static gboolean
run_block_while_reading(CpReads *reads, const CpStep *step, CpRunBlock *run_block, gpointer data, GError **error)
{
    reads->opened_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    inotify_add_watch(reads->opened_fd, reads->session->host->module_dir, IN_OPEN);
    cp_session_send_read(reads->session);
    reads->awaited = TRUE;

    gboolean done = run_block(step->block, data, error);
    close(reads->opened_fd);
    reads->opened_fd = -1;
    return done;
}

/* The outcome of a read from a libvirt that could not be opened. */
static void
fail_unopened(CpReads *reads)
{
    gint64 now_ns = cp_now_ns();
    reads->outcome = (CpOutcome){ NULL, g_strdup_printf("libvirt could not be started: %s", reads->session->open_error),
                                  now_ns, now_ns };
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
    event->error = g_steal_pointer(&outcome.error);
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

    CpReaper before = *session->reaper;
    gboolean done = TRUE;
    cp_reaper_forget_peak(session->reaper);
    cp_emulator_note_read(session->host);
    if (session->open_error) {
        fail_unopened(reads);
    } else if (step->block) {
        done = run_block_while_reading(reads, step, run_block, data, error);
    } else {
        cp_session_send_read(session);
        reads->awaited = TRUE;
    }
    if (reads->awaited)
        wait_for_answer(reads, 0, -1);
    write_event(reads, step, &before);
    return done;
}
