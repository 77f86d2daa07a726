/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Supervised commands. The supervisor's part, the command's and the init's are marked so. */
#include "run/sandbox/supervised.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/process-end.h"
#include "run/sandbox/sandbox.h"

/* How long the supervisor may take to end what the command left behind. */
#define GRACE_NS (5 * CP_NS_PER_S)

/* --- the command --- */

static G_NORETURN void
become_command(const CpSupervisedSpec *spec, int out, CpSupervisedEnd *end)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    setsid();
    if (dup2(null, STDIN_FILENO) == STDIN_FILENO && dup2(out, STDOUT_FILENO) == STDOUT_FILENO &&
        dup2(out, STDERR_FILENO) == STDERR_FILENO) {
        cp_sandbox_confine_administrator(STDERR_FILENO);
        environ = spec->env;
        execvp(spec->argv[0], spec->argv);
    }
    end->exec_errno = errno;
    cp_process_end(127);
}

/* --- the supervisor --- */

/* Writes all of it, or as much as somebody takes. */
static void
copy_output(int copy, const char *text, gsize size)
{
    for (ssize_t n; size > 0 && (n = TEMP_FAILURE_RETRY(write(copy, text, size))) > 0; text += n)
        size -= n;
}

/* Keeps the end of what the command prints. */
static void
take_output(int fd, int copy, CpSupervisedEnd *end)
{
    char chunk[CP_SUPERVISED_SAID];
    for (ssize_t n; (n = read(fd, chunk, sizeof(chunk))) > 0;) {
        if (copy)
            copy_output(copy, chunk, n);
        gsize kept = MIN(end->said_size, sizeof(end->said) - n);
        memmove(end->said, end->said + end->said_size - kept, kept);
        memcpy(end->said + kept, chunk, n);
        end->said_size = kept + n;
    }
}

static pid_t
parent_of(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "stat", NULL);
    g_autofree char *stat = NULL;
    int parent;

    /* "PID (NAME) STATE PPID ..."; a name may contain parentheses. */
    const char *name_end = g_file_get_contents(path, &stat, NULL, NULL) ? strrchr(stat, ')') : NULL;
    return name_end && sscanf(name_end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/* Kills all children. Children of what dies become children of this process, so that in the end there is none. */
static void
end_children(void)
{
    do {
        g_autoptr(GDir) all = g_dir_open("/proc", 0, NULL);
        for (const char *name; all && (name = g_dir_read_name(all));) {
            if (g_ascii_isdigit(*name) && parent_of(name) == getpid())
                kill(atoi(name), SIGKILL);
        }
    } while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

/* Reaps what has ended. Returns whether the command has. */
static gboolean
reap_command(pid_t command, int *status)
{
    int one;
    gboolean ended = FALSE;
    for (pid_t pid; (pid = waitpid(-1, &one, WNOHANG)) > 0;) {
        if (pid == command) {
            *status = one;
            ended = TRUE;
        }
    }
    return ended;
}

static void
watch_command(const CpSupervisedSpec *spec, pid_t command, int out, int signals, CpSupervisedEnd *end)
{
    gint64 deadline_ns = cp_now_ns() + spec->limit_ns;
    while (!reap_command(command, &end->status)) {
        struct signalfd_siginfo unused;
        struct pollfd fds[] = { { signals, POLLIN, 0 }, { out, POLLIN, 0 } };
        gint64 left_ns = deadline_ns - cp_now_ns();
        if (left_ns <= 0) {
            end->late = TRUE;
            return;
        }
        poll(fds, G_N_ELEMENTS(fds), MIN(left_ns / CP_NS_PER_MS + 1, G_MAXINT));
        while (read(signals, &unused, sizeof(unused)) > 0)
            ;
        take_output(out, spec->copy, end);
    }
}

static G_NORETURN void
supervise(const CpSupervisedSpec *spec, CpSupervisedEnd *end)
{
    int out[2];
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    int signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);

    pid_t command = -1;
    if (signals >= 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && pipe2(out, O_CLOEXEC) == 0)
        command = fork();
    if (command == 0)
        become_command(spec, out[1], end);
    if (command < 0) {
        end->exec_errno = errno;
        cp_process_end(0);
    }
    close(out[1]);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    watch_command(spec, command, out[0], signals, end);
    take_output(out[0], spec->copy, end);
    end_children();
    cp_process_end(0);
}

/* --- the init --- */

/* Waits for the supervisor, whose end makes `fd` readable. */
static void
await_supervisor(const CpSupervisedSpec *spec, int fd, CpSupervisedEnd *end)
{
    CpReaper *reaper = spec->reaper;
    gint64 until_ns = cp_now_ns() + spec->limit_ns + GRACE_NS;
    while (reaper->supervisor != 0 && cp_now_ns() < until_ns) {
        spec->wait(spec->wait_data, until_ns, fd);
        cp_reaper_reap(reaper);
    }
    end->late |= reaper->supervisor != 0;
    gboolean killed = reaper->supervisor != 0 || reaper->supervisor_status != 0;
    /* Without its supervisor nobody knows what the command has left behind. */
    if (killed)
        cp_reaper_kill_all(reaper);
    if (killed && !end->late)
        end->status = reaper->supervisor_status;
}

CpSupervisedEnd *
cp_supervised_run(const CpSupervisedSpec *spec, GError **error)
{
    int pair[2];
    CpSupervisedEnd *end = mmap(NULL, sizeof(*end), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (end == MAP_FAILED) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot share memory with a command");
        return NULL;
    }
    if (pipe2(pair, O_CLOEXEC) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
        cp_supervised_end_free(end);
        return NULL;
    }

    pid_t pid = fork();
    if (pid == 0)
        supervise(spec, end);
    int number = errno;
    close(pair[1]);
    if (pid > 0) {
        cp_reaper_watch_supervisor(spec->reaper, pid);
        await_supervisor(spec, pair[0], end);
    }
    close(pair[0]);
    if (pid > 0)
        return end;
    cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "cannot make a process for the command");
    cp_supervised_end_free(end);
    return NULL;
}

void
cp_supervised_end_free(CpSupervisedEnd *end)
{
    if (end)
        munmap(end, sizeof(*end));
}
