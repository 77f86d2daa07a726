/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner: ties together truths, rounds and profile rounds. Runs as the sandbox's init. */
#include "run/runner.h"

#include "base/error.h"
#include "run/profile-rounds.h"
#include "run/rounds.h"
#include "run/truths.h"

/* Sets `close_error`, which the caller frees, if libvirt did not close a connection of truths and rounds. */
static gboolean
run_plan(const CpPlan *plan, CpHost *host, CpEventStream *events, char **close_error, GError **error)
{
    g_autofree gboolean *left_out = g_new0(gboolean, plan->scenarios->len);
    CpReaper reaper;
    if (!cp_reaper_begin(&reaper, error))
        return FALSE;

    g_autoptr(CpSession) session = cp_session_new(plan->target, &plan->connection, host, &reaper);
    g_autoptr(CpLearned) learned = cp_learned_new(plan);
    host->reaper = &reaper;
    host->limit_ns = plan->connection.deadline_ns;
    g_autoptr(CpDocuments) documents = cp_documents_new(host, events);
    gboolean done = cp_truths_learn(learned, 1, session, events, documents, left_out, error) &&
                    cp_rounds_run(learned, session, events, documents, left_out, error) &&
                    (!plan->confirm || cp_truths_learn(learned, 2, session, events, documents, left_out, error)) &&
                    cp_profile_rounds_run(plan, host, &reaper, events, error);
    *close_error = g_steal_pointer(&session->close_error);
    return done;
}

void
cp_runner_run(const CpPlan *plan, int fd)
{
    g_autofree char *query = g_strdup_printf("%s %s %s", plan->arch, plan->machine, plan->virttype);
    g_autoptr(CpHost) host = cp_host_new(plan->module_dir, plan->emulator, query, plan->kvm);
    host->libvirt = g_strdup(plan->connection.libvirt);
    g_autoptr(CpEventStream) events = cp_event_stream_new(fd);
    g_autoptr(GError) error = NULL;

    g_autofree char *close_error = NULL;
    gboolean done = run_plan(plan, host, events, &close_error, &error);
    CpEvent *end = cp_event_new(CP_EVENT_END);
    end->status = !done ? cp_error_exit(error) : close_error ? CP_EXIT_BAD : CP_EXIT_WELL;
    end->error = g_strdup(!done ? error->message : close_error ? close_error : "");
    cp_event_stream_write(events, end);
}
