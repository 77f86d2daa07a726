/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner: ties together truths, rounds and profile rounds. Runs as the sandbox's init. */
#include "run/runner.h"

#include "base/error.h"
#include "run/profile-rounds.h"
#include "run/rounds.h"
#include "run/truths.h"

static gboolean
run_plan(const CpPlan *plan, CpHost *host, CpEventStream *events, GError **error)
{
    g_autofree gboolean *left_out = g_new0(gboolean, plan->scenarios->len);
    CpReaper reaper;
    if (!cp_reaper_begin(&reaper, plan->emulator, error))
        return FALSE;

    g_autoptr(CpSession) session = cp_session_new(plan, &plan->connection, host, &reaper);
    return cp_truths_learn(plan, host, session, events, left_out, error) &&
           cp_rounds_run(plan, host, session, events, left_out, error) &&
           cp_profile_rounds_run(plan, host, &reaper, events, error);
}

void
cp_runner_run(const CpPlan *plan, int fd)
{
    g_autofree char *query = g_strdup_printf("%s %s %s", plan->arch, plan->machine, plan->virttype);
    g_autoptr(CpHost) host = cp_host_new(plan->module_dir, plan->emulator, query, plan->kvm);
    host->libvirt = g_strdup(plan->connection.libvirt);
    g_autoptr(CpEventStream) events = cp_event_stream_new(fd);
    g_autoptr(GError) error = NULL;

    gboolean done = run_plan(plan, host, events, &error);
    CpEvent *end = cp_event_new(CP_EVENT_END);
    end->status = done ? CP_EXIT_WELL : cp_error_exit(error);
    end->error = g_strdup(done ? "" : error->message);
    cp_event_stream_write(events, end);
}
