/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reaper, with processes of our own. It kills all that it can see, so each case is the init of a sandbox. */
#include "run/sandbox/reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/process-end.h"
#include "helper.h"
#include "run/sandbox/sandbox.h"

/* What a fake emulator uses, in ns and bytes. */
#define BURNT_NS (20 * CP_NS_PER_MS)
#define TOUCHED (32 << 20)

typedef struct {
    const char *name;
    void (*act)(CpReaper *reaper);
} Case;

static void
act_in_sandbox(gpointer data)
{
    const Case *c = data;
    g_autoptr(GError) error = NULL;
    CpReaper reaper;

    g_assert_cmpint(getpid(), ==, 1);
    g_assert_true(cp_reaper_begin(&reaper, &error));
    c->act(&reaper);
    close(reaper.fd);
    cp_start_counter_end(&reaper.starts);
}

static void
test_in_sandbox(gconstpointer data)
{
    const CpSandboxSpec spec = { 0 };
    g_autoptr(GError) error = NULL;
    pid_t pid = cp_sandbox_spawn(&spec, act_in_sandbox, (gpointer)data, &error);
    int status;

    if (pid < 0) {
        g_test_skip(error->message);
        return;
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
}

/* --- fake processes. Each reads one byte from a pipe and then ends. --- */

static void
make_pipe(int fds[2])
{
    g_assert_cmpint(pipe2(fds, O_CLOEXEC), ==, 0);
}

static void
close_pipe(int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

static void
let_one_end(const int fds[2])
{
    g_assert_cmpint(write(fds[1], "", 1), ==, 1);
}

static G_NORETURN void
end_later(const int fds[2], int status)
{
    char byte;
    ssize_t n = read(fds[0], &byte, 1);
    _exit(n == 1 ? status : 255);
}

static pid_t
start_child(const int fds[2], int status)
{
    pid_t pid = fork();
    if (pid == 0)
        end_later(fds, status);
    return pid;
}

static void
use_resources(void)
{
    struct rusage usage;
    do
        getrusage(RUSAGE_SELF, &usage);
    while (cp_duration_of_timeval(usage.ru_utime) + cp_duration_of_timeval(usage.ru_stime) < BURNT_NS);
    char *memory = mmap(NULL, TOUCHED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(memory, 1, TOUCHED);
}

/* Waits until a child has ended, and leaves it to be reaped. */
static void
await_end(pid_t pid)
{
    siginfo_t info;
    g_assert_cmpint(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), ==, 0);
}

/* Starts a process that becomes a daemon as QEMU does: the process in between, called `leader`, leads its session. */
static void
start_daemon(const char *leader, const int fds[2])
{
    pid_t pid = fork();
    if (pid == 0) {
        pid_t middle = fork();
        if (middle == 0) {
            setsid();
            prctl(PR_SET_NAME, leader);
            if (fork() == 0) {
                use_resources();
                end_later(fds, 0);
            }
            _exit(0);
        }
        await_end(middle);
        _exit(0);
    }
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

static void
await_emulators(CpReaper *reaper, gint64 count)
{
    for (cp_reaper_reap(reaper); reaper->ended < count; cp_reaper_reap(reaper)) {
        struct pollfd fd = { reaper->fd, POLLIN, 0 };
        poll(&fd, 1, -1);
    }
    g_assert_cmpint(reaper->ended, ==, count);
}

static void
assert_alone(void)
{
    g_assert_cmpint(kill(-1, 0), ==, -1);
    g_assert_cmpint(errno, ==, ESRCH);
}

/* --- cases --- */

/* The watched child starts the daemon, as a client does: what is counted is the daemon alone. */
static void
count_daemon(CpReaper *reaper, const char *leader)
{
    int child_fds[2], daemon_fds[2];
    make_pipe(child_fds);
    make_pipe(daemon_fds);
    const CpReaper before = *reaper;
    pid_t pid = fork();
    if (pid == 0) {
        start_daemon(leader, daemon_fds);
        end_later(child_fds, 0);
    }
    CpChild child;
    cp_reaper_watch(reaper, &child, pid);
    gint64 earliest_ns = cp_now_ns();
    let_one_end(daemon_fds);
    await_emulators(reaper, before.ended + 1);
    g_assert_cmpint(reaper->last_end_ns, >=, earliest_ns);
    g_assert_cmpint(reaper->last_end_ns, <=, cp_now_ns());
    gint64 used_ns = reaper->user_ns + reaper->system_ns - before.user_ns - before.system_ns;
    g_assert_cmpint(used_ns, >=, BURNT_NS);
    g_assert_cmpint(reaper->max_rss_kb, >=, TOUCHED / 1024);

    let_one_end(child_fds);
    g_assert_true(cp_reaper_await(reaper, &child, G_MAXINT64));
    g_assert_cmpint(reaper->ended, ==, before.ended + 1);
    cp_reaper_forget_peak(reaper);
    g_assert_cmpint(reaper->max_rss_kb, ==, 0);
    close_pipe(child_fds);
    close_pipe(daemon_fds);
    assert_alone();
}

static void
daemons(CpReaper *reaper)
{
    count_daemon(reaper, "qemu");
    /* A name that looks like the rest of a line in /proc/PID/stat. */
    count_daemon(reaper, "x) Z 0 0 0 0");
}

/* The kernel reports many ends as one signal. */
static void
many_at_once(CpReaper *reaper)
{
    enum { MANY = 50 };
    pid_t pids[MANY];
    int fds[2];
    make_pipe(fds);
    for (int i = 0; i < MANY; i++)
        pids[i] = start_child(fds, 0);
    for (int i = 0; i < MANY; i++)
        let_one_end(fds);
    for (int i = 0; i < MANY; i++)
        await_end(pids[i]);
    cp_reaper_reap(reaper);
    g_assert_cmpint(reaper->ended, ==, MANY);
    struct pollfd fd = { reaper->fd, POLLIN, 0 };
    g_assert_cmpint(poll(&fd, 1, 0), ==, 0);
    close_pipe(fds);
    assert_alone();
}

static void
watched(CpReaper *reaper)
{
    CpChild first, second;
    int fds[2], other_fds[2];
    make_pipe(fds);
    make_pipe(other_fds);
    cp_reaper_watch(reaper, &first, start_child(fds, 7));
    cp_reaper_watch(reaper, &second, start_child(other_fds, 8));
    cp_reaper_reap(reaper);
    g_assert_false(first.ended);
    let_one_end(fds);
    g_assert_true(cp_reaper_await(reaper, &first, G_MAXINT64));
    g_assert_true(first.ended);
    g_assert_true(WIFEXITED(first.status));
    g_assert_cmpint(WEXITSTATUS(first.status), ==, 7);
    g_assert_false(second.ended);
    let_one_end(other_fds);
    g_assert_true(cp_reaper_await(reaper, &second, G_MAXINT64));
    g_assert_cmpint(WEXITSTATUS(second.status), ==, 8);
    g_assert_cmpint(reaper->ended, ==, 0);
    g_assert_cmpint(reaper->user_ns + reaper->system_ns, ==, 0);

    /* It was not killed, as it had ended before. */
    cp_reaper_kill(reaper, &first);
    cp_reaper_kill_all(reaper);
    g_assert_false(first.killed);
    cp_reaper_watch(reaper, &first, start_child(fds, 0));
    g_assert_false(first.ended);
    close_pipe(fds);
    close_pipe(other_fds);
    cp_reaper_kill_all(reaper);
    g_assert_true(first.ended);
    g_assert_true(first.killed);
}

/* At the deadline the watched child is killed, but not what it has started. */
static void
deadline(CpReaper *reaper)
{
    CpChild child;
    int fds[2];
    make_pipe(fds);
    start_daemon("qemu", fds);
    start_daemon("qemu", fds);
    cp_reaper_watch(reaper, &child, start_child(fds, 0));
    g_assert_false(cp_reaper_await(reaper, &child, cp_now_ns() + 5 * CP_NS_PER_MS));
    g_assert_true(child.ended);
    g_assert_true(child.killed);
    g_assert_true(WIFSIGNALED(child.status));
    g_assert_cmpint(WTERMSIG(child.status), ==, SIGKILL);
    g_assert_cmpint(reaper->ended, ==, 0);
    cp_reaper_kill_all(reaper);
    g_assert_cmpint(reaper->ended, ==, 2);
    close_pipe(fds);
    assert_alone();
}

static int
run_true(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/true", "true", NULL);
        _exit(127);
    }
    return pid;
}

/* If starts cannot be counted, ends are. A start that fails at once is not an end of a daemon. */
static void
emulators_since(CpReaper *reaper)
{
    int fds[2];
    make_pipe(fds);
    reaper->starts.watching = FALSE;
    CpReaper before = *reaper;
    start_daemon("qemu", fds);
    g_assert_cmpint(cp_reaper_emulators_since(reaper, &before), ==, 0);
    let_one_end(fds);
    await_emulators(reaper, 1);
    g_assert_cmpint(cp_reaper_emulators_since(reaper, &before), ==, 1);
    close_pipe(fds);

    cp_start_counter_watch_only(&reaper->starts, "/bin/true");
    if (!reaper->starts.watching)
        return;
    before = *reaper;
    CpChild child;
    cp_reaper_watch(reaper, &child, run_true());
    g_assert_true(cp_reaper_await(reaper, &child, G_MAXINT64));
    g_assert_cmpint(cp_reaper_emulators_since(reaper, &before), ==, 1);
    g_assert_cmpint(reaper->ended, ==, before.ended);
}

/* Not in a sandbox. */
static void
test_no_descriptor(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit all, none = { 0 };
        g_autoptr(GError) error = NULL;
        CpReaper reaper;
        getrlimit(RLIMIT_NOFILE, &all);
        none.rlim_max = all.rlim_max;
        setrlimit(RLIMIT_NOFILE, &none);
        gboolean begun = cp_reaper_begin(&reaper, &error);
        setrlimit(RLIMIT_NOFILE, &all);
        g_assert_false(begun);
        assert_error(&error, CP_ERROR_FAILED, "cannot make a descriptor for SIGCHLD: ");
        cp_process_end(0);
    }
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        { "daemons", daemons },   { "many-at-once", many_at_once },       { "watched", watched },
        { "deadline", deadline }, { "emulators-since", emulators_since },
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/reaper/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_in_sandbox);
    }
    g_test_add_func("/reaper/no-descriptor", test_no_descriptor);
    return g_test_run();
}
