/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profile rounds: cold refreshes under libvirt's debug log. Runs in the sandbox's init. */
#include "run/profile-rounds.h"

#include "base/duration.h"
#include "run/profile.h"

static void
take_log_line(const char *line, gint64 now_ns, gpointer profile)
{
    cp_profile_line(profile, line, now_ns);
}

gboolean
cp_profile_round_run(const CpPlan *plan, CpHost *host, CpReaper *reaper, CpEventStream *events, GError **error)
{
    CpConnectionSpec spec = plan->connection;
    spec.log_filter = CP_PROFILE_LOG_FILTER;
    g_autoptr(CpSession) session = cp_session_new(plan->target, &spec, host, reaper);
    g_autoptr(CpQuestion) question = cp_question_new(plan);
    g_auto(CpOutcome) outcome = { 0 }, closed = { 0 };
    if (!cp_host_reset(host, error) || !cp_session_open(session, error))
        return FALSE;

    CpProfile *profile = cp_profile_begin(host->emulator, &session->reaper->last_end_ns, cp_now_ns());
    CpLog *log = cp_session_log(session);
    log->on_line = take_log_line;
    log->on_line_data = profile;
    CpEvent *event = cp_event_new(CP_EVENT_PROFILE);
    event->scenario = g_strdup("cold-probe");
    event->begin_ns = cp_now_ns();
    if (cp_session_ask(session, question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);
    event->end_ns = cp_now_ns();
    log->on_line = NULL;
    event->phases = cp_profile_end(profile, event->end_ns);
    cp_event_stream_write(events, event);

    cp_session_close(session, &closed);
    return TRUE;
}
