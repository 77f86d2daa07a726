/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a program in a sandbox for its first line. The init's part and the caller's part are marked so. */
#include "run/first-line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/process-end.h"
#include "run/sandbox/sandbox.h"

/* In bytes; of standard output and standard error each. What is beyond is not kept. */
#define MAX_LINE 1000

enum { OUTPUT, ERRORS, N_STREAMS };

typedef struct {
    const CpFirstLineSpec *spec;
    int streams[N_STREAMS]; /* where the program writes */
} Question;

/* --- in the init --- */

static G_NORETURN void
become_program(const Question *question)
{
    char **argv = question->spec->argv;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* capprobe may have been started without some of the standard streams: keep clear of their numbers. */
    int out = fcntl(question->streams[OUTPUT], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int errors = fcntl(question->streams[ERRORS], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    dup2(null, STDIN_FILENO);
    if (dup2(out, STDOUT_FILENO) == STDOUT_FILENO && dup2(errors, STDERR_FILENO) == STDERR_FILENO) {
        cp_sandbox_confine(STDERR_FILENO);
        execve(argv[0], argv, question->spec->env);
        dprintf(STDERR_FILENO, "%s\n", g_strerror(errno));
    }
    cp_process_end(127);
}

/* Exits with the number of the signal that killed the program, or 0. When this process ends, the kernel ends everything
 * that the program has left behind. */
static void
run_init(gpointer data)
{
    const Question *question = data;
    int status;

    signal(SIGCHLD, SIG_DFL);
    pid_t pid = fork();
    if (pid == 0)
        become_program(question);
    for (pid_t ended = 0; pid > 0 && ended != pid;)
        ended = TEMP_FAILURE_RETRY(waitpid(-1, &status, 0));
    /* It may be killed at any moment, at which LeakSanitizer would complain; and it has allocated nothing. */
    _exit(pid > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/* --- in the caller --- */

/* Adds what can be read to `text`, up to MAX_LINE bytes and one more. Returns FALSE at the stream's end. */
static gboolean
take(int fd, GString *text)
{
    char chunk[MAX_LINE];
    ssize_t n = TEMP_FAILURE_RETRY(read(fd, chunk, sizeof(chunk)));
    if (n > 0)
        g_string_append_len(text, chunk, MIN((gsize)n, MAX_LINE + 1 - text->len));
    return n > 0;
}

/* Reads until there is a line, or too long a line, or everything has ended. Returns FALSE if the deadline came first. */
static gboolean
listen_to(const int fds[N_STREAMS], gint64 deadline_ns, GString *texts[N_STREAMS])
{
    gint64 end_ns = cp_now_ns() + deadline_ns;
    struct pollfd polled[N_STREAMS] = { { fds[OUTPUT], POLLIN, 0 }, { fds[ERRORS], POLLIN, 0 } };
    GString *output = texts[OUTPUT];

    while (!memchr(output->str, '\n', output->len) && output->len <= MAX_LINE &&
           (polled[OUTPUT].fd >= 0 || polled[ERRORS].fd >= 0)) {
        gint64 left_ns = end_ns - cp_now_ns();
        if (left_ns <= 0)
            return FALSE;
        if (poll(polled, N_STREAMS, MIN(left_ns / CP_NS_PER_MS + 1, G_MAXINT)) <= 0)
            continue;
        for (int i = 0; i < N_STREAMS; i++) {
            if (polled[i].fd >= 0 && polled[i].revents && !take(fds[i], texts[i]))
                polled[i].fd = -1;
        }
    }
    return TRUE;
}

/* Returns the first line of `text` as valid UTF-8, or NULL if it is empty. The caller owns it. */
static char *
first_line(const GString *text)
{
    const char *end = memchr(text->str, '\n', text->len);
    gsize length = end ? (gsize)(end - text->str) : text->len;
    return length ? g_utf8_make_valid(text->str, length) : NULL;
}

static char *
reason_of_silence(const GString *errors, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status))
        return g_strdup_printf("died: %s", g_strsignal(WEXITSTATUS(status)));
    g_autofree char *said = first_line(errors);
    if (said)
        return g_strdup_printf("said: %s", said);
    return g_strdup("printed nothing");
}

/* Takes the answer of the sandbox with the init `pid`, and ends it. */
static char *
take_answer(pid_t pid, const int fds[N_STREAMS], gint64 deadline_ns, char **reason)
{
    g_autoptr(GString) output = g_string_new(NULL);
    g_autoptr(GString) errors = g_string_new(NULL);
    int status = 0;

    gboolean in_time = listen_to(fds, deadline_ns, (GString *[]){ output, errors });
    kill(pid, SIGKILL);
    TEMP_FAILURE_RETRY(waitpid(pid, &status, 0));

    g_autofree char *line = first_line(output);
    if (!in_time) {
        g_autofree char *limit = cp_duration_format(deadline_ns);
        *reason = g_strdup_printf("did not answer within %s", limit);
    } else if (!line)
        *reason = reason_of_silence(errors, status);
    else if (output->len > MAX_LINE && !memchr(output->str, '\n', output->len))
        *reason = g_strdup_printf("printed a line of more than %d bytes", MAX_LINE);
    else
        return g_steal_pointer(&line);
    return NULL;
}

char *
cp_first_line(const CpFirstLineSpec *spec, char **reason, GError **error)
{
    CpSandboxSpec sandbox = { .tree = spec->tree, .client = spec->client, .visible = spec->visible };
    int output[2] = { -1, -1 }, errors[2] = { -1, -1 };
    char *line = NULL;
    *reason = NULL;

    if (pipe2(output, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
    else {
        Question question = { spec, { output[1], errors[1] } };
        pid_t pid = cp_sandbox_spawn(&sandbox, run_init, &question, error);
        close(output[1]);
        close(errors[1]);
        output[1] = errors[1] = -1;
        if (pid > 0)
            line = take_answer(pid, (int[]){ output[0], errors[0] }, spec->deadline_ns, reason);
    }
    for (int i = 0; i < 2; i++) {
        if (output[i] >= 0)
            close(output[i]);
        if (errors[i] >= 0)
            close(errors[i]);
    }
    return line;
}
