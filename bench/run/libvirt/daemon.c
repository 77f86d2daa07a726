/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon of the libvirt under test. Runs in the sandbox's init. */
#include "run/libvirt/daemon.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/affinity.h"
#include "base/duration.h"
#include "run/libvirt/settings.h"

/* A bit of the flags in /proc/PID/stat: the process is ending, and its files are closed or about to be. */
#define EXITING 0x4

static void
daemon_free(gpointer data)
{
    CpDaemon *daemon = data;
    if (cp_daemon_runs(daemon))
        cp_reaper_kill(daemon->reaper, &daemon->child);
    cp_instructions_end(&daemon->instructions);
    cp_log_clear(&daemon->log);
    g_free(daemon->program);
    g_free(daemon->name);
    g_free(daemon);
}

GPtrArray *
cp_daemons_new(const CpTarget *target, const CpConnectionSpec *spec, CpReaper *reaper)
{
    GPtrArray *daemons = g_ptr_array_new_with_free_func(daemon_free);
    for (guint i = 0; spec->daemons && spec->daemons[i]; i++) {
        CpDaemon *daemon = g_new0(CpDaemon, 1);
        daemon->target = target;
        daemon->spec = spec;
        daemon->reaper = reaper;
        daemon->instructions = (CpInstructions)CP_INSTRUCTIONS_NONE;
        daemon->program = g_strdup(spec->daemons[i]);
        daemon->name = g_path_get_basename(spec->daemons[i]);
        cp_log_init(&daemon->log);
        g_ptr_array_add(daemons, daemon);
    }
    return daemons;
}

gboolean
cp_daemon_runs(const CpDaemon *daemon)
{
    return daemon->child.pid != 0 && !daemon->child.ended;
}

/* --- starting --- */

/* Opens the socket at which the daemon says that it is ready, as it would say to systemd. In the sandbox's network namespace nobody
 * else has this name. Returns -1 with errno set if that fails. */
static int
open_notify_socket(const CpDaemon *daemon, char **name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    *name = g_strdup_printf("@capprobe-%s", daemon->name);
    gsize length = MIN(strlen(*name), sizeof(address.sun_path));
    memcpy(address.sun_path, *name, length);
    address.sun_path[0] = '\0';

    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + length) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static gboolean
take_notice(int fd)
{
    char notice[1024];
    for (ssize_t n; (n = recv(fd, notice, sizeof(notice) - 1, 0)) > 0;) {
        notice[n] = '\0';
        if (strstr(notice, "READY=1"))
            return TRUE;
    }
    return FALSE;
}

/* Waits until something happens to the daemon or `fd`, which may be -1, is readable. */
static void
wait_a_while(CpDaemon *daemon, gint64 deadline_ns, int fd)
{
    struct pollfd fds[] = { { fd, POLLIN, 0 }, { daemon->reaper->fd, POLLIN, 0 }, { daemon->log.fd, POLLIN, 0 } };
    poll(fds, G_N_ELEMENTS(fds), CLAMP((deadline_ns - cp_now_ns()) / CP_NS_PER_MS + 1, 0, G_MAXINT));
    cp_log_take(&daemon->log);
    cp_reaper_reap(daemon->reaper);
}

/* Kills the daemon, which did not do `what` before its deadline. */
static char *
give_up(CpDaemon *daemon, const char *what)
{
    g_autofree char *limit = cp_duration_format(daemon->spec->deadline_ns);
    g_autofree char *words = cp_log_last_words(&daemon->log);
    cp_reaper_kill(daemon->reaper, &daemon->child);
    return g_strdup_printf("%s %s within %s%s", daemon->name, what, limit, words);
}

/* Returns NULL once the daemon is ready, else why it does not run. */
static char *
await_ready(CpDaemon *daemon, int notify)
{
    gint64 deadline_ns = cp_now_ns() + daemon->spec->deadline_ns;
    while (cp_now_ns() < deadline_ns) {
        wait_a_while(daemon, deadline_ns, notify);
        char *end = cp_daemon_find_end(daemon);
        if (end || take_notice(notify))
            return end;
    }
    return give_up(daemon, "was not ready");
}

char *
cp_daemon_settings(const CpTarget *target, const char *root)
{
    return target->unprivileged ? g_build_filename(root, "etc", "libvirt", NULL) : g_strdup(CP_SETTINGS_FOLDER);
}

static char *
spawn(CpDaemon *daemon, const char *root, guint cpu, gboolean idle_exit, const char *notify)
{
    g_auto(GStrv) env = cp_process_environment(daemon->spec, daemon->target, root);
    g_autofree char *folder = cp_daemon_settings(daemon->target, root);
    g_autofree char *settings = g_build_filename(folder, CP_SETTINGS_OF_DAEMONS, NULL);
    /* Beside the settings, of which each daemon has its own, if there are two. */
    g_autofree char *pid_file = g_strdup_printf("%s/%s.pid", folder, daemon->name);
    const char *const all[] = {
        daemon->spec->loader, "--library-path", daemon->spec->libraries,        daemon->program, "--config", settings,
        "--pid-file",         pid_file,         idle_exit ? "--timeout" : NULL, CP_DAEMON_IDLE,  NULL
    };
    /* Without a loader the program is the first. */
    const char *const *argv = daemon->spec->loader ? all : all + 3;
    int out = cp_log_open(&daemon->log);
    if (out < 0)
        return g_strdup_printf("cannot make a pipe: %s", g_strerror(errno));

    env = g_environ_setenv(env, "NOTIFY_SOCKET", notify, TRUE);
    cpu_set_t cpus;
    pid_t pid = cp_process_fork(&daemon->instructions);
    if (pid == 0) {
        if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0)
            cp_affinity_choose(&cpus, cpu);
        cp_process_become(daemon->target, argv, env, out, -1, -1);
    }
    int number = errno;
    close(out);
    if (pid < 0)
        return g_strdup_printf("cannot make a process for %s: %s", daemon->name, g_strerror(number));
    cp_reaper_watch(daemon->reaper, &daemon->child, pid);
    return NULL;
}

char *
cp_daemon_start(CpDaemon *daemon, const char *root, guint cpu, gboolean idle_exit)
{
    g_autofree char *name = NULL;
    int notify = open_notify_socket(daemon, &name);
    if (notify < 0)
        return g_strdup_printf("cannot make a socket for %s: %s", daemon->name, g_strerror(errno));
    char *why = spawn(daemon, root, cpu, idle_exit, name);
    if (!why)
        why = await_ready(daemon, notify);
    close(notify);
    return why;
}

void
cp_daemon_free_cpu(const CpDaemon *daemon)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task", (int)daemon->child.pid);
    cpu_set_t all;
    /* A thread that begins meanwhile has what its maker has, which may be one CPU; the second time it is in the list. */
    for (int i = 0; i < 2 && sched_getaffinity(0, sizeof(all), &all) == 0; i++) {
        g_autoptr(GDir) threads = g_dir_open(path, 0, NULL);
        for (const char *thread; threads && (thread = g_dir_read_name(threads));)
            sched_setaffinity(atoi(thread), sizeof(all), &all);
    }
}

/* --- ending --- */

/* Returns how it ended, with the last line that it has logged. */
static char *
describe_end(CpDaemon *daemon)
{
    cp_log_take(&daemon->log);
    g_autofree char *end = cp_process_describe_end(daemon->name, daemon->child.status);
    g_autofree char *words = cp_log_last_words(&daemon->log);
    return g_strconcat(end, words, NULL);
}

/* Waits until the daemon has ended, and forgets it. Returns `why`, or else how that went wrong. */
static char *
await_end(CpDaemon *daemon, char *why)
{
    gint64 deadline_ns = cp_now_ns() + daemon->spec->deadline_ns;
    gboolean awaited = !why && cp_daemon_runs(daemon);
    while (awaited && cp_daemon_runs(daemon) && cp_now_ns() < deadline_ns)
        wait_a_while(daemon, deadline_ns, -1);
    if (cp_daemon_runs(daemon))
        why = give_up(daemon, "did not end");
    else if (awaited && daemon->child.status != 0)
        why = describe_end(daemon);
    cp_daemon_forget(daemon);
    return why;
}

char *
cp_daemon_stop(CpDaemon *daemon)
{
    char *why = cp_daemon_find_end(daemon);
    if (!why && cp_daemon_runs(daemon))
        kill(daemon->child.pid, SIGTERM);
    return await_end(daemon, why);
}

char *
cp_daemon_await_idle_exit(CpDaemon *daemon)
{
    return await_end(daemon, NULL);
}

void
cp_daemon_forget(CpDaemon *daemon)
{
    daemon->child = (CpChild){ 0 };
    cp_instructions_end(&daemon->instructions);
    cp_log_close(&daemon->log);
}

/* The fields of /proc/PID/stat from the third on, or NULL. Free with g_strfreev(). */
static GStrv
read_stat(const CpDaemon *daemon)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)daemon->child.pid);
    g_autofree char *stat = NULL;
    /* "PID (NAME) STATE ..."; a name may contain parentheses. */
    const char *name_end =
        cp_daemon_runs(daemon) && g_file_get_contents(path, &stat, NULL, NULL) ? strrchr(stat, ')') : NULL;
    GStrv fields = name_end ? g_strsplit(name_end + 2, " ", -1) : NULL;
    if (fields && g_strv_length(fields) > 14)
        return fields;
    g_strfreev(fields);
    return NULL;
}

char *
cp_daemon_find_end(CpDaemon *daemon)
{
    g_auto(GStrv) stat = read_stat(daemon);
    /* Whoever was connected sees that before the process can be reaped. */
    if (stat && (g_ascii_strtoull(stat[6], NULL, 10) & EXITING))
        cp_reaper_await(daemon->reaper, &daemon->child, cp_now_ns() + daemon->spec->deadline_ns);
    return daemon->child.ended && !daemon->child.killed ? describe_end(daemon) : NULL;
}

CpCpuTime
cp_daemon_cpu_time(const CpDaemon *daemon, CpCpuTime *children)
{
    g_auto(GStrv) stat = read_stat(daemon);
    gint64 ns_per_tick = CP_NS_PER_S / sysconf(_SC_CLK_TCK);
    struct timespec own = { 0 };
    clockid_t clock;
    *children = (CpCpuTime){ 0 };
    if (!stat)
        return *children;
    children->user_ns = g_ascii_strtoll(stat[13], NULL, 10) * ns_per_tick;
    children->system_ns = g_ascii_strtoll(stat[14], NULL, 10) * ns_per_tick;
    if (clock_getcpuclockid(daemon->child.pid, &clock) == 0)
        clock_gettime(clock, &own);
    return (CpCpuTime){ .user_ns = own.tv_sec * CP_NS_PER_S + own.tv_nsec };
}
