/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session: the libvirt under test is started, asked and ended. Runs in the sandbox's init. */
#include "run/session.h"

#include <string.h>

static void
append_string(GString *query, const char *string)
{
    g_string_append_len(query, string, strlen(string) + 1);
}

CpSession *
cp_session_new(const CpPlan *plan, const CpConnectionSpec *spec, CpHost *host, CpReaper *reaper)
{
    CpSession *session = g_new0(CpSession, 1);
    session->target = plan->target;
    session->host = host;
    session->reaper = reaper;
    session->connection = cp_connection_new(spec, reaper);
    session->query = g_string_new(NULL);
    append_string(session->query, plan->emulator);
    append_string(session->query, plan->arch);
    append_string(session->query, plan->machine);
    append_string(session->query, plan->virttype);
    return session;
}

void
cp_session_free(CpSession *session)
{
    if (!session)
        return;
    cp_connection_free(session->connection);
    g_string_free(session->query, TRUE);
    g_free(session->open_error);
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
    g_auto(CpOutcome) outcome = { 0 };
    g_clear_pointer(&session->open_error, g_free);
    session->connection->start_cpu = session->host->start_cpu;
    if (!cp_connection_open(session->connection, session->target, session->host->root, &outcome, error))
        return FALSE;
    add_time(session, &outcome);
    session->open_error = g_steal_pointer(&outcome.error);
    return TRUE;
}

gboolean
cp_session_has_client(const CpSession *session)
{
    return session->connection->pid != 0;
}

void
cp_session_close(CpSession *session)
{
    g_auto(CpOutcome) outcome = { 0 };
    /* Without a connection libvirt cannot be asked to close it. */
    if (session->open_error)
        cp_reaper_kill_all(session->reaper);
    cp_connection_close(session->connection, &outcome);
    add_time(session, &outcome);
    if (!session->close_error)
        session->close_error = g_steal_pointer(&outcome.error);
}

void
cp_session_send_read(CpSession *session)
{
    cp_connection_send(session->connection, CP_REQUEST_READ, session->query->str, session->query->len);
}

gboolean
cp_session_wait(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gboolean ended = cp_connection_wait(session->connection, until_ns, wake_fd, outcome);
    if (ended)
        add_time(session, outcome);
    return ended;
}
