/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/sandbox/reaper.h"

#include <errno.h>
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
cp_reaper_begin(CpReaper *reaper, const char *emulator, GError **error)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);

    *reaper = (CpReaper){ .fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK) };
    if (reaper->fd < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "no descriptor for signals");

    g_autofree char *name = g_path_get_basename(emulator);
    g_strlcpy(reaper->emulator, name, sizeof(reaper->emulator));
    return TRUE;
}

/*
 * Whether a process that has ended, and was not reaped yet, was an emulator. A daemonizing emulator forks twice: the
 * process in between leads the session that the emulator lives in, and does not count.
 */
static gboolean
is_emulator(const CpReaper *reaper, pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *stat = NULL;
    char *name, *rest;
    int session;

    if (!g_file_get_contents(path, &stat, NULL, NULL) || !(name = strchr(stat, '(')) || !(rest = strrchr(stat, ')')))
        return FALSE;
    *rest = '\0';
    return g_str_equal(name + 1, reaper->emulator) && sscanf(rest + 2, "%*c %*d %*d %d", &session) == 1 &&
           session != pid;
}

static gint64
timeval_ns(struct timeval time)
{
    return time.tv_sec * CP_NS_PER_S + time.tv_usec * 1000;
}

void
cp_reaper_reap(CpReaper *reaper)
{
    struct signalfd_siginfo unused;
    while (read(reaper->fd, &unused, sizeof(unused)) > 0)
        ;

    siginfo_t info = { 0 };
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        gboolean emulator = is_emulator(reaper, info.si_pid);
        struct rusage usage;
        int status;
        wait4(info.si_pid, &status, 0, &usage);

        if (emulator) {
            reaper->emulators++;
            reaper->user_ns += timeval_ns(usage.ru_utime);
            reaper->system_ns += timeval_ns(usage.ru_stime);
            reaper->max_rss_kb = MAX(reaper->max_rss_kb, usage.ru_maxrss);
            reaper->last_end_ns = cp_now_ns();
        }
        if (info.si_pid == reaper->watched) {
            reaper->watched_ended = TRUE;
            reaper->watched_status = status;
        }
        info.si_pid = 0;
    }
}

void
cp_reaper_watch(CpReaper *reaper, pid_t pid)
{
    reaper->watched = pid;
    reaper->watched_ended = FALSE;
}

void
cp_reaper_forget_peak(CpReaper *reaper)
{
    reaper->max_rss_kb = 0;
}

void
cp_reaper_kill_all(CpReaper *reaper)
{
    kill(-1, SIGKILL);
    siginfo_t info;
    while (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0)
        cp_reaper_reap(reaper);
}
