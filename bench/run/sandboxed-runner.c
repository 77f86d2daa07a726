/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A runner in its sandbox, as the caller sees it. Runs in the caller. */
#include "run/sandboxed-runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/sandbox.h"

/* How much is read from the runner at once, in bytes. */
#define CHUNK 16384

typedef struct {
    const CpPlan *plan;
    const GPtrArray *others;
    int tasks, events; /* the runner's ends */
} Arguments;

/* Closes what a sandbox inherits of the caller's ends. */
static void
close_ends(const CpSandboxedRunner *runner)
{
    close(runner->tasks);
    close(runner->events);
}

static void
run_in_sandbox(gpointer data)
{
    const Arguments *arguments = data;
    for (guint i = 0; i < arguments->others->len; i++)
        close_ends(arguments->others->pdata[i]);
    cp_runner_run(arguments->plan, arguments->tasks, arguments->events);
}

static gboolean
open_ends(int tasks[2], int events[2], GError **error)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, tasks) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pair of sockets");
    if (pipe2(events, O_CLOEXEC) == 0)
        return TRUE;
    cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
    close(tasks[0]);
    close(tasks[1]);
    return FALSE;
}

CpSandboxedRunner *
cp_sandboxed_runner_start(const CpPlan *plan, const CpFound *found, const GPtrArray *others, GError **error)
{
    const char *const visible[] = { found->tree ? NULL : plan->connection.libvirt, NULL };
    CpSandboxSpec sandbox = { .tree = found->tree,
                              .changeable = !plan->as_it_is,
                              .client = found->client,
                              .module_dir = plan->as_it_is ? NULL : plan->module_dir,
                              .emulator = plan->as_it_is ? NULL : plan->emulator,
                              .visible = plan->visible ? plan->visible : visible };
    int tasks[2], events[2];
    if (!open_ends(tasks, events, error))
        return NULL;

    CpSandboxedRunner *runner = g_new0(CpSandboxedRunner, 1);
    Arguments arguments = { plan, others, tasks[1], events[1] };
    runner->tasks = tasks[0];
    runner->events = events[0];
    runner->buffer = g_string_new(NULL);
    pid_t pid = cp_sandbox_spawn(&sandbox, run_in_sandbox, &arguments, error);
    close(tasks[1]);
    close(events[1]);
    runner->pid = MAX(pid, 0);
    if (pid < 0)
        g_clear_pointer(&runner, cp_sandboxed_runner_free);
    return runner;
}

/* Takes the complete lines from the buffer. Returns TRUE if the task is done, or FALSE; then `error` is set if a line is not an event. */
static gboolean
take_lines(CpSandboxedRunner *runner, CpTakeEvent *take, gpointer data, GError **error)
{
    GString *buffer = runner->buffer;
    for (char *newline; (newline = memchr(buffer->str, '\n', buffer->len));) {
        gsize length = newline - buffer->str;
        if (length == 0) {
            g_string_erase(buffer, 0, 1);
            return TRUE;
        }
        CpEvent *event = cp_event_read("invalid event from the runner", 1, buffer->str, length, error);
        if (!event)
            return FALSE;
        take(event, data);
        g_string_erase(buffer, 0, length + 1);
    }
    return FALSE;
}

CpRunnerProgress
cp_sandboxed_runner_run(
    CpSandboxedRunner *runner, const CpTask *task, int wake_fd, CpTakeEvent *take, gpointer data, GError **error)
{
    struct pollfd fds[] = { { runner->events, POLLIN, 0 }, { wake_fd, POLLIN, 0 } };
    g_autoptr(GError) invalid = NULL;

    /* If it has ended by now, its events end, too. */
    send(runner->tasks, task, sizeof(*task), MSG_NOSIGNAL);
    for (;;) {
        if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
            continue;
        if (fds[1].revents)
            return CP_RUNNER_WOKEN;
        char chunk[CHUNK];
        ssize_t n = TEMP_FAILURE_RETRY(read(runner->events, chunk, sizeof(chunk)));
        if (n <= 0)
            return CP_RUNNER_ENDED;
        g_string_append_len(runner->buffer, chunk, n);
        if (take_lines(runner, take, data, &invalid))
            return CP_RUNNER_IDLE;
        if (invalid) {
            g_propagate_error(error, g_steal_pointer(&invalid));
            return CP_RUNNER_DISTURBED;
        }
    }
}

int
cp_sandboxed_runner_end(CpSandboxedRunner *runner, gboolean now)
{
    int status = 0;
    if (now)
        kill(runner->pid, SIGKILL);
    TEMP_FAILURE_RETRY(waitpid(runner->pid, &status, 0));
    runner->pid = 0;
    return status;
}

void
cp_sandboxed_runner_free(CpSandboxedRunner *runner)
{
    if (!runner)
        return;
    if (runner->pid)
        cp_sandboxed_runner_end(runner, TRUE);
    close_ends(runner);
    g_string_free(runner->buffer, TRUE);
    g_free(runner);
}
