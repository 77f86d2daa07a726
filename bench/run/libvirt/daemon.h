/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon of the libvirt under test: a process that is started, watched and ended. Used in the sandbox's init. */
#pragma once

#include "run/libvirt/client-protocol.h"
#include "run/libvirt/log.h"
#include "run/libvirt/process.h"
#include "run/sandbox/reaper.h"

typedef struct {
    const CpTarget *target;       /* borrowed */
    const CpConnectionSpec *spec; /* borrowed */
    CpReaper *reaper;             /* borrowed */
    char *program;                /* its path */
    char *name;                   /* the last part of that */
    CpChild child;
    CpInstructions instructions;
    CpLog log;
} CpDaemon;

/** Returns the daemons of a target, which do not run yet: an array of CpDaemon, in the order in which they are started. It is empty
 * if the target has none. All arguments are borrowed. */
GPtrArray *cp_daemons_new(const CpTarget *target, const CpConnectionSpec *spec, CpReaper *reaper);

/** The folder with the settings of the daemons of `target`, whose files are in `root`. The caller owns it. */
char *cp_daemon_settings(const CpTarget *target, const char *root);

/** Whether it was started and has not ended. */
gboolean cp_daemon_runs(const CpDaemon *daemon);

/** How long a daemon that ends by itself waits for clients, in seconds. */
#define CP_DAEMON_IDLE "5"

/**
 * Starts the daemon on the `cpu`th of its CPUs, counted from 0, and waits until it says that it is ready: then clients can connect, and
 * those wait until its drivers are. `root` must be prepared. If `idle_exit`, it ends when it has had no client for CP_DAEMON_IDLE. Returns NULL, or why it does not run: then it has ended, or was killed
 * at the deadline. The caller frees the reason.
 */
char *cp_daemon_start(CpDaemon *daemon, const char *root, guint cpu, gboolean idle_exit);

/** Lets the daemon run on all CPUs: to be called once its drivers are ready. */
void cp_daemon_free_cpu(const CpDaemon *daemon);

/** Asks the daemon to end, and kills it if it does not within the deadline. Returns NULL, or how that went wrong, also if it had
 * died before. The caller frees it. */
char *cp_daemon_stop(CpDaemon *daemon);

/** Waits until the daemon ends by itself, because it has had no client for a while; kills it if it does not within the deadline.
 * Returns NULL, or how that went wrong. The caller frees it. */
char *cp_daemon_await_idle_exit(CpDaemon *daemon);

/** Forgets the daemon, which does not run any more. */
void cp_daemon_forget(CpDaemon *daemon);

/** Returns how the daemon ended, if it was started and has ended by itself or is about to; else NULL. The caller frees it. */
char *cp_daemon_find_end(CpDaemon *daemon);

/** Returns the CPU time of the daemon so far, as user time: the kernel tells the system's part of other processes only in steps of
 * 10 ms. In `*children`, in such steps: of the processes that it has waited for. Both are 0 if it does not run. */
CpCpuTime cp_daemon_cpu_time(const CpDaemon *daemon, CpCpuTime *children);
