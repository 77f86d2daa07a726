/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a target on one file, with limits on memory and time. */
#include "triage/execution.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The number of bytes of a report after which no more are read into memory. */
#define REPORT_MAX (1 << 20)

/* How long a process may take to print its stack. */
#define STACK_SECONDS 10

void
cp_execution_prepare(void)
{
    g_setenv("ASAN_OPTIONS",
             "handle_abort=1:handle_sigtrap=1:handle_sigill=1:hard_rss_limit_mb=2048:max_allocation_size_mb=2048:"
             "fast_unwind_on_malloc=0", /* GLib has no frame pointers, so the fast unwinder misses its callers */
             TRUE);
    g_setenv("UBSAN_OPTIONS", "print_stacktrace=1", TRUE);
    g_unsetenv("LSAN_OPTIONS");
}

/* Runs in the child after fork(): must not allocate memory. */
static void G_GNUC_NORETURN
exec_program(const char *program, const char *file, int output)
{
    struct rlimit none = { 0, 0 };
    int empty = open("/dev/null", O_RDONLY);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &none);
    dup2(empty, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execl(program, program, file, NULL);
    _exit(255);
}

/* Reads to the end of `input`. Returns FALSE if `deadline` passes first. */
static gboolean
read_until(int input, gint64 deadline, GString *text)
{
    char buffer[4096];
    ssize_t n = 1;

    while (n > 0) {
        struct pollfd poll_input = { .fd = input, .events = POLLIN };
        gint64 left = deadline - g_get_monotonic_time();

        if (left <= 0)
            return FALSE;
        if (poll(&poll_input, 1, left / 1000 + 1) <= 0)
            continue;
        n = read(input, buffer, sizeof(buffer));
        if (n > 0 && text->len < REPORT_MAX)
            g_string_append_len(text, buffer, n);
    }
    return TRUE;
}

static gint64
deadline_in(guint seconds)
{
    return g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
}

CpExecution *
cp_execution_run(const char *program, const char *file, guint seconds, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot start a process for %s: %s", program,
                    g_strerror(errno));
        return NULL;
    }
    if (pid == 0)
        exec_program(program, file, ends[1]);
    setpgid(pid, pid);
    close(ends[1]);

    CpExecution *execution = g_new0(CpExecution, 1);
    if (!read_until(ends[0], deadline_in(seconds), text)) {
        execution->timed_out = TRUE;
        kill(pid, SIGABRT);
        read_until(ends[0], deadline_in(STACK_SECONDS), text);
    }
    kill(-pid, SIGKILL);
    while (waitpid(pid, &execution->status, 0) < 0 && errno == EINTR)
        ;
    close(ends[0]);
    execution->report = g_utf8_make_valid(text->str, text->len);
    return execution;
}

void
cp_execution_free(CpExecution *execution)
{
    if (!execution)
        return;
    g_free(execution->report);
    g_free(execution);
}
