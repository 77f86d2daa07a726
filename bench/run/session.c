/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session: the libvirt under test is started, asked and ended. Runs in the sandbox's init. */
#include "run/session.h"

#include "base/duration.h"

CpSession *
cp_session_new(const CpTarget *target, const CpConnectionSpec *spec, CpHost *host, CpReaper *reaper)
{
    CpSession *session = g_new0(CpSession, 1);
    session->target = target;
    session->host = host;
    session->reaper = reaper;
    session->connection = cp_connection_new(spec, reaper);
    return session;
}

void
cp_session_free(CpSession *session)
{
    if (!session)
        return;
    cp_connection_free(session->connection);
    cp_outcome_clear(&session->opened);
    g_free(session->close_error);
    g_free(session);
}

static void
add_time(CpSession *session, const CpOutcome *outcome)
{
    session->libvirt_ns += outcome->return_ns - outcome->call_ns;
}

gboolean
cp_session_open(CpSession *session, GError **error)
{
    cp_outcome_clear(&session->opened);
    session->connection->start_cpu = session->host->start_cpu;
    if (!cp_connection_open(session->connection, session->target, session->host->root, &session->opened, error))
        return FALSE;
    add_time(session, &session->opened);
    g_clear_pointer(&session->opened.answer, g_free);
    return TRUE;
}

gboolean
cp_session_is_open(const CpSession *session)
{
    return !session->opened.error && !session->opened.lost;
}

gboolean
cp_session_has_client(const CpSession *session)
{
    return session->connection->pid != 0;
}

void
cp_session_close(CpSession *session, CpOutcome *outcome)
{
    /* Without a connection libvirt cannot be asked to close it. */
    if (!cp_session_is_open(session))
        cp_reaper_kill_all(session->reaper);
    cp_connection_close(session->connection, outcome);
    add_time(session, outcome);
    if (!session->close_error)
        session->close_error = g_strdup(outcome->lost);
}

/* The outcome of a question to a libvirt that could not be opened. */
static CpOutcome
unopened(const CpOutcome *opened)
{
    const char *why = opened->error ? opened->error : opened->lost;
    char *text = g_strdup_printf("libvirt could not be opened: %s", why);
    gint64 now_ns = cp_now_ns();
    CpOutcome outcome = { .domain = opened->domain, .code = opened->code, .call_ns = now_ns, .return_ns = now_ns };
    *(opened->error ? &outcome.error : &outcome.lost) = text;
    return outcome;
}

gboolean
cp_session_ask(CpSession *session, const CpQuestion *question, CpOutcome *outcome)
{
    CpReaper *reaper = session->reaper;
    cp_start_counter_watch_only(&reaper->starts, question->emulators[0]);
    for (guint i = 1; question->emulators[i]; i++)
        cp_start_counter_watch_also(&reaper->starts, question->emulators[i]);
    cp_start_counter_update(&reaper->starts);
    cp_reaper_forget_peak(reaper);
    session->before = *reaper;

    if (cp_session_is_open(session)) {
        cp_connection_send(session->connection, question->verb, question->payload->str, question->payload->len);
        return TRUE;
    }
    *outcome = unopened(&session->opened);
    g_auto(CpOutcome) closed = { 0 };
    cp_session_close(session, &closed);
    return FALSE;
}

gboolean
cp_session_wait(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gboolean ended = cp_connection_wait(session->connection, until_ns, wake_fd, outcome);
    if (ended)
        add_time(session, outcome);
    return ended;
}

gint64
cp_session_emulators(CpSession *session)
{
    return cp_reaper_emulators_since(session->reaper, &session->before);
}
