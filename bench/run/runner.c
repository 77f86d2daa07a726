/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner: ties together truths, rounds and profile rounds. Runs as the sandbox's init. */
#include "run/runner.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "run/profile-rounds.h"
#include "run/rounds.h"
#include "run/tell.h"
#include "run/truths.h"
#include "run/watch.h"

typedef struct {
    const CpPlan *plan;
    CpEventStream *events;
    CpReaper reaper;
    CpSession *session;
    CpLearned *learned;
    CpDocuments *documents;
    CpRounds *rounds;
    gboolean *left_out; /* per scenario */
} Runner;

static gboolean
ask(Runner *runner, GError **error)
{
    const CpPlan *plan = runner->plan;
    g_autoptr(CpQuestion) question = plan->asked == CP_REQUEST_READ           ? cp_question_new(plan)
                                     : plan->asked == CP_REQUEST_CAPABILITIES ? cp_question_new_capabilities(plan)
                                                                              : cp_question_new_version();
    /* What has a URI has its cache elsewhere. */
    return (plan->uri || cp_host_forget_cache(runner->session->host, error)) &&
           cp_tell(runner->session, question, runner->events, plan->uri ? NULL : runner->documents, error);
}

static gboolean
carry_out(Runner *runner, const CpTask *task, GError **error)
{
    switch (task->kind) {
    case CP_TASK_TRUTHS:
        return cp_truths_learn(runner->learned, task->number, runner->session, runner->events, runner->documents,
                               runner->left_out, error);
    case CP_TASK_ROUND:
        if (runner->plan->watch)
            return cp_watch_run(runner->plan, runner->session->host, &runner->reaper, runner->events, runner->left_out,
                                error);
        return cp_rounds_run(runner->rounds, task->scenario, task->number, &runner->left_out[task->scenario], error);
    case CP_TASK_PROFILE_ROUND:
        return cp_profile_round_run(runner->plan, runner->session->host, &runner->reaper, runner->events, error);
    case CP_TASK_ASK:
        return ask(runner, error);
    case CP_TASK_END:
        break;
    }
    g_assert_not_reached();
}

static gboolean
carry_out_all(Runner *runner, int tasks, GError **error)
{
    CpTask task;
    while (TEMP_FAILURE_RETRY(recv(tasks, &task, sizeof(task), 0)) == sizeof(task) && task.kind != CP_TASK_END) {
        if (!carry_out(runner, &task, error))
            return FALSE;
        /* What libvirt may have left behind must not run while it is the turn of another variant. */
        cp_reaper_kill_all(&runner->reaper);
        cp_event_stream_end_task(runner->events);
    }
    return TRUE;
}

/* Sets `close_error`, which the caller frees, if libvirt did not close a connection of truths and rounds. */
static gboolean
run_plan(const CpPlan *plan, CpHost *host, CpEventStream *events, int tasks, char **close_error, GError **error)
{
    Runner runner = { .plan = plan, .events = events };
    if (!cp_reaper_begin(&runner.reaper, error))
        return FALSE;

    g_autofree gboolean *left_out = g_memdup2(plan->left_out, plan->scenarios->len * sizeof(gboolean));
    g_autoptr(CpSession) session = cp_session_new(plan->target, &plan->connection, host, &runner.reaper);
    g_autoptr(CpLearned) learned = cp_learned_new(plan);
    host->reaper = &runner.reaper;
    host->limit_ns = plan->connection.deadline_ns;
    g_autoptr(CpDocuments) documents = cp_documents_new(host, events);
    documents->with_stamps = plan->stamps;
    g_autoptr(CpRounds) rounds = cp_rounds_new(learned, session, events, documents);
    runner.left_out = left_out;
    runner.session = session;
    runner.learned = learned;
    runner.documents = documents;
    runner.rounds = rounds;
    gboolean done = carry_out_all(&runner, tasks, error);
    *close_error = g_steal_pointer(&session->close_error);
    return done;
}

void
cp_runner_run(const CpPlan *plan, int tasks, int fd)
{
    g_autofree char *query = g_strdup_printf("%s %s %s", plan->arch, plan->machine, plan->virttype);
    g_autoptr(CpHost) host = cp_host_new(plan->module_dir, plan->emulator, query, plan->kvm);
    g_autofree char *cache = plan->target->cache(host->root);
    g_autofree char *capabilities = cp_target_capabilities(plan->target, host->root);
    cp_host_set_cache(host, cache, capabilities);
    host->libvirt = g_strdup(plan->connection.libvirt);
    if (plan->uri) {
        g_free(host->root);
        host->root = g_strdup(plan->uri);
    }
    g_autoptr(CpEventStream) events = cp_event_stream_new(fd);
    g_autoptr(GError) error = NULL;

    g_autofree char *close_error = NULL;
    gboolean done = run_plan(plan, host, events, tasks, &close_error, &error);
    CpEvent *end = cp_event_new(CP_EVENT_END);
    end->status = !done ? cp_error_exit(error) : close_error ? CP_EXIT_BAD : CP_EXIT_WELL;
    end->error = g_strdup(!done ? error->message : close_error ? close_error : "");
    cp_event_stream_write(events, end);
}
