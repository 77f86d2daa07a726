/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The runner: carries out the tasks of a plan, one after another, as the caller asks for them. Runs as the sandbox's init. */
#pragma once

#include "run/plan.h"

typedef enum {
    CP_TASK_TRUTHS,        /* learn the truths of all states, which is not measured; `number` is the pass, 1 or 2 */
    CP_TASK_ROUND,         /* run the round `number` of the scenario */
    CP_TASK_PROFILE_ROUND, /* run a profiled refresh */
    CP_TASK_ASK,           /* ask what the plan says, once, on the host as it is */
    CP_TASK_END            /* end the run */
} CpTaskKind;

typedef struct {
    CpTaskKind kind;
    guint scenario; /* an index of the plan's scenarios */
    gint64 number;
} CpTask;

/**
 * Takes tasks, each a message from the socket `tasks`, and writes their events to `events`, one per line. An empty line
 * follows when a task is done; then the sandbox is idle. The last event is the `end` event, which comes after CP_TASK_END, or
 * earlier if a task failed. Closes `events`.
 */
void cp_runner_run(const CpPlan *plan, int tasks, int events);
