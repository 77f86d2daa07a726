/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds a supervised command. Used by the sandbox's init. */
#include "run/sandbox/hold.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"

#define LIMIT_NS (5 * CP_NS_PER_S)

/* For how long a process waits in the kernel until it counts as standing still: one that waits for the child of its vfork()
 * does so as long as that child is stopped. */
#define KERNEL_WAIT_NS (100 * CP_NS_PER_MS)

typedef enum { GOES_ON, WAITS_IN_KERNEL, STANDS_STILL } Motion;

CpHold *
cp_hold_new(CpReaper *reaper)
{
    CpHold *hold = g_new0(CpHold, 1);
    hold->reaper = reaper;
    hold->held = g_array_new(FALSE, FALSE, sizeof(pid_t));
    return hold;
}

void
cp_hold_free(CpHold *hold)
{
    if (!hold)
        return;
    cp_hold_end(hold);
    g_array_unref(hold->held);
    g_free(hold);
}

/* Whether a process is in this PID namespace itself, and not in one within it. */
static gboolean
is_of_this_namespace(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "status", NULL);
    g_autofree char *status = NULL;
    const char *pids = g_file_get_contents(path, &status, NULL, NULL) ? strstr(status, "\nNSpid:\t") : NULL;
    return pids && !memchr(pids + strlen("\nNSpid:\t"), '\t', strcspn(pids + 1, "\n") - strlen("NSpid:\t"));
}

static Motion
motion_of_thread(const char *folder, const char *thread)
{
    g_autofree char *path = g_build_filename(folder, thread, "stat", NULL);
    g_autofree char *stat = NULL;
    /* "PID (NAME) STATE ..."; a name may contain parentheses. One without a file has ended. */
    const char *name_end = g_file_get_contents(path, &stat, NULL, NULL) ? strrchr(stat, ')') : NULL;
    char state = name_end && name_end[1] ? name_end[2] : 'X';
    return strchr("TtZXx", state) ? STANDS_STILL : state == 'D' ? WAITS_IN_KERNEL : GOES_ON;
}

static Motion
motion_of(const char *pid)
{
    g_autofree char *folder = g_build_filename("/proc", pid, "task", NULL);
    g_autoptr(GDir) threads = g_dir_open(folder, 0, NULL);
    Motion motion = STANDS_STILL;
    for (const char *thread; threads && (thread = g_dir_read_name(threads));)
        motion = MIN(motion, motion_of_thread(folder, thread));
    return motion;
}

static gboolean
is_held(const CpHold *hold, pid_t pid)
{
    for (guint i = 0; i < hold->held->len; i++) {
        if (g_array_index(hold->held, pid_t, i) == pid)
            return TRUE;
    }
    return FALSE;
}

/* Stops what is not stopped yet. Returns how the one moves that is farthest from standing still. */
static Motion
stop_all(CpHold *hold)
{
    g_autoptr(GDir) all = g_dir_open("/proc", 0, NULL);
    Motion motion = STANDS_STILL;
    for (const char *name; all && (name = g_dir_read_name(all));) {
        pid_t pid = g_ascii_isdigit(*name) ? atoi(name) : 0;
        if (pid <= 1 || pid == hold->reaper->supervisor || !is_of_this_namespace(name))
            continue;
        Motion its = motion_of(name);
        motion = MIN(motion, its);
        /* One that stands still although it is not held was stopped by somebody else, and is not ours to continue. */
        if (its == STANDS_STILL || is_held(hold, pid) || kill(pid, SIGSTOP) < 0)
            continue;
        g_array_append_val(hold->held, pid);
        motion = GOES_ON;
    }
    return motion;
}

gboolean
cp_hold_begin(CpHold *hold)
{
    gint64 begin_ns = cp_now_ns();
    for (;;) {
        Motion motion = stop_all(hold);
        gint64 passed_ns = cp_now_ns() - begin_ns;
        if (motion == STANDS_STILL || (motion == WAITS_IN_KERNEL && passed_ns > KERNEL_WAIT_NS))
            return TRUE;
        if (passed_ns > LIMIT_NS)
            return FALSE;
        cp_reaper_poll(hold->reaper, cp_now_ns() + CP_NS_PER_MS, -1);
    }
}

void
cp_hold_end(CpHold *hold)
{
    for (guint i = 0; i < hold->held->len; i++)
        kill(g_array_index(hold->held, pid_t, i), SIGCONT);
    g_array_set_size(hold->held, 0);
}
