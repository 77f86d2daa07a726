/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks an emulator for its version, in a sandbox of its own: ask() runs in the sandbox's init, the rest in the caller. */
#include "run/emulator-version.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"

#define MAX_LINE 1000

typedef struct {
    const char *emulator;
    gint64 deadline_ns;
    int reply_fd;
} Question;

/* Reads from `fd` until a newline, the end, MAX_LINE bytes, or the deadline. The caller owns the line. */
static char *
read_line(int fd, gint64 deadline_ns)
{
    GString *line = g_string_new(NULL);
    gint64 end_ns = cp_now_ns() + deadline_ns;

    while (line->len < MAX_LINE && !strchr(line->str, '\n')) {
        gint64 left_ns = end_ns - cp_now_ns();
        struct pollfd wait = { fd, POLLIN, 0 };
        char chunk[MAX_LINE];
        if (left_ns <= 0 || poll(&wait, 1, left_ns / CP_NS_PER_MS + 1) <= 0)
            break;
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n <= 0)
            break;
        g_string_append_len(line, chunk, n);
    }
    g_string_truncate(line, strcspn(line->str, "\n"));
    return g_string_free(line, FALSE);
}

/* Runs in the child of the sandbox's init, before the emulator. */
static void
confine(gpointer unused G_GNUC_UNUSED)
{
    cp_sandbox_confine(STDERR_FILENO);
}

/* Runs in the sandbox's init. When it returns, the kernel ends the emulator. */
static void
ask(gpointer data)
{
    const Question *question = data;
    char *argv[] = { (char *)question->emulator, (char *)"--version", NULL };
    g_autoptr(GError) error = NULL;
    int out;

    gboolean started = g_spawn_async_with_pipes("/", argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, confine, NULL, NULL, NULL,
                                                &out, NULL, &error);
    g_autofree char *line = started ? read_line(out, question->deadline_ns) : g_strdup(error->message);
    ssize_t written G_GNUC_UNUSED = write(question->reply_fd, line, strlen(line));
}

char *
cp_emulator_version(const CpSandboxSpec *sandbox, gint64 deadline_ns, GError **error)
{
    int reply[2];
    if (pipe2(reply, O_CLOEXEC) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
        return NULL;
    }

    Question question = { sandbox->emulator, deadline_ns, reply[1] };
    pid_t pid = cp_sandbox_spawn(sandbox, ask, &question, error);
    close(reply[1]);
    g_autofree char *line = pid > 0 ? read_line(reply[0], G_MAXINT64 / 2) : NULL;
    close(reply[0]);
    if (pid <= 0)
        return NULL;
    waitpid(pid, NULL, 0);
    if (g_str_has_prefix(line, "QEMU emulator version "))
        return g_steal_pointer(&line);

    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s is not QEMU: --version printed %s%s%s", sandbox->emulator,
                *line ? "'" : "nothing", line, *line ? "'" : "");
    return NULL;
}
