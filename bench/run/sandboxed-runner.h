/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A runner in its sandbox, as the caller sees it: it is given tasks and tells events. Runs in the caller. */
#pragma once

#include "history/event.h"
#include "run/find.h"
#include "run/runner.h"

typedef struct {
    pid_t pid;  /* the sandbox's init; 0 if it does not run */
    int tasks;  /* a socket */
    int events; /* a pipe */
    GString *buffer;
} CpSandboxedRunner;

/** How it went on. */
typedef enum {
    CP_RUNNER_IDLE,     /* its task is done */
    CP_RUNNER_ENDED,    /* it told its last event */
    CP_RUNNER_WOKEN,    /* the other descriptor became readable */
    CP_RUNNER_DISTURBED /* it told something that is not an event */
} CpRunnerProgress;

/** Takes an event. */
typedef void CpTakeEvent(CpEvent *event, gpointer data);

/**
 * Makes a sandbox for the plan of what was found, and starts a runner in it, which waits for tasks. The sandbox does not get the descriptors
 * of `others`, an array of CpSandboxedRunner. NULL with `error` set as by cp_sandbox_spawn().
 */
CpSandboxedRunner *
cp_sandboxed_runner_start(const CpPlan *plan, const CpFound *found, const GPtrArray *others, GError **error);

/** Gives it a task and hands each event to `take`, until the task is done, the runner ends or `wake_fd` is readable.
 * Sets `error` if the runner is disturbed. */
CpRunnerProgress cp_sandboxed_runner_run(
    CpSandboxedRunner *runner, const CpTask *task, int wake_fd, CpTakeEvent *take, gpointer data, GError **error);

/** Waits until it has ended, and ends it first if `kill` is set. Returns its status as waitpid() gives it. */
int cp_sandboxed_runner_end(CpSandboxedRunner *runner, gboolean kill);

/** Frees it; if it still runs, it is killed. */
void cp_sandboxed_runner_free(CpSandboxedRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSandboxedRunner, cp_sandboxed_runner_free)
