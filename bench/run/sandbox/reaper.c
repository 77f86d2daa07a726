/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reaps the processes of the sandbox and counts emulators. Runs in the sandbox's init. */
#include "run/sandbox/reaper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"

gboolean
cp_reaper_begin(CpReaper *reaper, GError **error)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);

    *reaper = (CpReaper){ .fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK) };
    if (reaper->fd < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a descriptor for SIGCHLD");
    cp_start_counter_begin(&reaper->starts);
    return TRUE;
}

/*
 * Whether an orphan that has ended, but has not been reaped yet, was an emulator. An emulator that becomes a daemon forks
 * twice. The process in between leads its session.
 */
static gboolean
is_emulator(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *stat = NULL;
    if (!g_file_get_contents(path, &stat, NULL, NULL))
        return FALSE;

    /* "PID (NAME) STATE PPID PGRP SESSION ..."; a name may contain parentheses. */
    const char *name_end = strrchr(stat, ')');
    int session;
    return name_end && sscanf(name_end + 1, " %*c %*d %*d %d", &session) == 1 && session != pid;
}

/* Takes the watched child that is the process `pid` from the list. NULL if none is. */
static CpChild *
take_child(CpReaper *reaper, pid_t pid)
{
    for (CpChild **at = &reaper->children; *at; at = &(*at)->next) {
        CpChild *child = *at;
        if (child->pid != pid)
            continue;
        *at = child->next;
        return child;
    }
    return NULL;
}

void
cp_reaper_reap(CpReaper *reaper)
{
    /* Several ends may be reported as one signal: what the descriptor says does not matter. */
    struct signalfd_siginfo unused;
    while (read(reaper->fd, &unused, sizeof(unused)) > 0)
        ;

    siginfo_t info = { 0 };
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        gboolean supervisor = info.si_pid == reaper->supervisor;
        CpChild *child = take_child(reaper, info.si_pid);
        gboolean orphan = !child && !supervisor;
        gboolean emulator = orphan && is_emulator(info.si_pid);
        struct rusage usage;
        int status;
        wait4(info.si_pid, &status, 0, &usage);

        if (orphan) {
            reaper->user_ns += cp_duration_of_timeval(usage.ru_utime);
            reaper->system_ns += cp_duration_of_timeval(usage.ru_stime);
            reaper->max_rss_kb = MAX(reaper->max_rss_kb, usage.ru_maxrss);
        }
        if (emulator) {
            reaper->ended++;
            reaper->last_end_ns = cp_now_ns();
        }
        if (child) {
            child->ended = TRUE;
            child->status = status;
        }
        if (supervisor) {
            reaper->supervisor = 0;
            reaper->supervisor_status = status;
        }
        info.si_pid = 0;
    }
}

void
cp_reaper_poll(CpReaper *reaper, gint64 until_ns, int fd)
{
    struct pollfd fds[] = { { reaper->fd, POLLIN, 0 }, { fd, POLLIN, 0 } };
    gint64 left_ns = until_ns - cp_now_ns();
    poll(fds, G_N_ELEMENTS(fds), CLAMP((left_ns + CP_NS_PER_MS - 1) / CP_NS_PER_MS, 0, G_MAXINT));
    cp_reaper_reap(reaper);
}

gint64
cp_reaper_emulators_since(CpReaper *reaper, const CpReaper *before)
{
    cp_start_counter_update(&reaper->starts);
    return reaper->starts.watching && before->starts.watching ? reaper->starts.starts - before->starts.starts
                                                              : reaper->ended - before->ended;
}

void
cp_reaper_watch(CpReaper *reaper, CpChild *child, pid_t pid)
{
    *child = (CpChild){ .pid = pid, .next = reaper->children };
    reaper->children = child;
}

void
cp_reaper_watch_supervisor(CpReaper *reaper, pid_t pid)
{
    reaper->supervisor = pid;
}

gboolean
cp_reaper_await(CpReaper *reaper, CpChild *child, gint64 deadline_ns)
{
    for (cp_reaper_reap(reaper); !child->ended; cp_reaper_reap(reaper)) {
        if (cp_now_ns() >= deadline_ns) {
            cp_reaper_kill(reaper, child);
            return FALSE;
        }
        cp_reaper_poll(reaper, deadline_ns, -1);
    }
    return TRUE;
}

void
cp_reaper_kill(CpReaper *reaper, CpChild *child)
{
    siginfo_t info;
    cp_reaper_reap(reaper);
    if (child->ended)
        return;
    child->killed = TRUE;
    kill(child->pid, SIGKILL);
    while (!child->ended && waitid(P_PID, child->pid, &info, WEXITED | WNOWAIT) == 0)
        cp_reaper_reap(reaper);
}

void
cp_reaper_forget_peak(CpReaper *reaper)
{
    reaper->max_rss_kb = 0;
}

void
cp_reaper_kill_all(CpReaper *reaper)
{
    siginfo_t info;
    cp_reaper_reap(reaper);
    for (CpChild *child = reaper->children; child; child = child->next)
        child->killed = TRUE;
    kill(-1, SIGKILL);
    while (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0)
        cp_reaper_reap(reaper);
}
