/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that do something to libvirt's processes. Run in the sandbox's init. */
#include "run/process-steps.h"

#include "base/error.h"

static gboolean
is_not_idle_exit(const CpStep *step, gpointer unused G_GNUC_UNUSED)
{
    return step->operation->op != CP_OP_IDLE_EXIT;
}

void
cp_process_steps_begin(CpSession *session, const CpPlan *plan, const CpScenario *scenario)
{
    session->max_clients = 0;
    session->idle_exit = scenario && !cp_scenario_each(scenario, is_not_idle_exit, NULL);
    cp_session_set_target(session, plan->target, plan->connection.daemons);
}

static gboolean
refuse(const CpScenario *scenario, const CpStep *step, GError **error, const char *why)
{
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s:%u:%u: '%s': %s", scenario->file, step->line,
                step->columns[0], step->operation->word, why);
    return FALSE;
}

/* Finds the target among the plan's, where the caller of the run has put it. */
static const CpTarget *
find_target(const CpPlan *plan, const char *name, const char *const **daemons)
{
    *daemons = plan->connection.daemons;
    if (g_str_equal(plan->target->name, name))
        return plan->target;
    for (guint i = 0; plan->others && i < plan->others->len; i++) {
        const CpOtherTarget *other = plan->others->pdata[i];
        *daemons = (const char *const *)other->daemons;
        if (g_str_equal(other->target->name, name))
            return other->target;
    }
    g_assert_not_reached();
}

static gboolean
switch_target(CpSession *session, const CpPlan *plan, const CpStep *step, GError **error)
{
    const char *const *daemons;
    const CpTarget *target = find_target(plan, step->args[0], &daemons);
    cp_session_set_target(session, target, daemons);
    return cp_session_open(session, error);
}

gboolean
cp_process_step_limit(CpSession *session, const CpScenario *scenario, const CpStep *step, GError **error)
{
    if (session->daemons->len == 0)
        return refuse(scenario, step, error, "the target has no daemons");
    session->max_clients = step->number;
    return TRUE;
}

gboolean
cp_process_step_close(CpReads *reads, const CpScenario *scenario, const CpStep *step, GError **error)
{
    CpOp op = step->operation->op;
    if (op == CP_OP_IDLE_EXIT && reads->session->daemons->len == 0)
        return refuse(scenario, step, error, "the target has no daemons");
    if (op == CP_OP_IDLE_EXIT)
        cp_reads_close_idle(reads, step->line);
    else if (op != CP_OP_KILL)
        cp_reads_close(reads, step->line);
    return TRUE;
}

gboolean
cp_process_step_run(CpSession *session, const CpPlan *plan, const CpStep *step, GError **error)
{
    if (step->operation->op == CP_OP_KILL)
        cp_session_kill(session);
    if (step->operation->op == CP_OP_REBOOT)
        return cp_host_forget_volatile(session->host, error);
    return step->operation->op != CP_OP_SWITCH_TARGET || switch_target(session, plan, step, error);
}
