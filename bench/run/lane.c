/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/sandbox.h"

#define ERRORS_KEPT 4096

void
cp_outcome_clear(CpOutcome *outcome)
{
    g_clear_pointer(&outcome->answer, g_free);
    g_clear_pointer(&outcome->error, g_free);
}

CpLane *
cp_lane_new(const CpLaneSpec *spec, CpReaper *reaper)
{
    CpLane *lane = g_new0(CpLane, 1);
    lane->spec = spec;
    lane->reaper = reaper;
    lane->fd = lane->error_fd = -1;
    lane->received = g_byte_array_new();
    lane->errors = g_string_new(NULL);
    return lane;
}

static void
forget_client(CpLane *lane)
{
    if (lane->fd >= 0)
        close(lane->fd);
    if (lane->error_fd >= 0)
        close(lane->error_fd);
    lane->fd = lane->error_fd = -1;
    lane->pid = 0;
}

void
cp_lane_free(CpLane *lane)
{
    if (!lane)
        return;
    if (lane->pid)
        cp_reaper_kill_all(lane->reaper);
    forget_client(lane);
    g_byte_array_unref(lane->received);
    g_string_free(lane->errors, TRUE);
    g_free(lane);
}

static GStrv
client_environment(const CpLaneSpec *spec)
{
    static const char *const kept[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" };
    g_auto(GStrv) env = g_new0(char *, 1);

    env = g_environ_setenv(env, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", TRUE);
    env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
    env = g_environ_setenv(env, "HOME", CP_SANDBOX_DIR "/tmp", TRUE);
    env = g_environ_setenv(env, "XDG_RUNTIME_DIR", CP_SANDBOX_DIR "/tmp", TRUE);
    env = g_environ_setenv(env, "TMPDIR", CP_SANDBOX_DIR "/tmp", TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (g_getenv(kept[i]))
            env = g_environ_setenv(env, kept[i], g_getenv(kept[i]), TRUE);
    }
    if (spec->libvirt) {
        env = g_environ_setenv(env, "LD_LIBRARY_PATH", spec->libvirt, TRUE);
        env = g_environ_setenv(env, "LIBVIRT_DRIVER_DIR", spec->libvirt, TRUE);
        /* In a build tree libvirt is to find its own data there as well, not what is installed. */
        if (g_str_has_suffix(spec->libvirt, "/src"))
            env = g_environ_setenv(env, "LIBVIRT_DIR_OVERRIDE", "1", TRUE);
    }
    if (spec->log_filter) {
        env = g_environ_setenv(env, "LIBVIRT_LOG_FILTERS", spec->log_filter, TRUE);
        env = g_environ_setenv(env, "LIBVIRT_LOG_OUTPUTS", "1:stderr", TRUE);
    }
    return g_steal_pointer(&env);
}

/* In the child: becomes the client. Its socket is at CP_CLIENT_FD, its standard error at 2; all else is closed on exec.
 */
static G_NORETURN void
become_client(const CpLaneSpec *spec, int socket_fd, int error_fd)
{
    g_auto(GStrv) env = client_environment(spec);
    char *argv[] = { (char *)spec->client, NULL };
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);

    /* Out of the way of the numbers to be given. */
    int from = fcntl(socket_fd, F_DUPFD_CLOEXEC, 10);
    int error_from = fcntl(error_fd, F_DUPFD_CLOEXEC, 10);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(error_from, 2) == 2 &&
        dup2(from, CP_CLIENT_FD) == CP_CLIENT_FD)
        execve(spec->client, argv, env);
    _exit(127);
}

static gboolean
spawn_client(CpLane *lane, GError **error)
{
    int pair[2], errors[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 || pipe2(errors, O_CLOEXEC | O_NONBLOCK) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "no socket for a client");

    pid_t pid = fork();
    if (pid < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "no process for a client");
    if (pid == 0) {
        /* What the client writes may wait; what we read may not. */
        fcntl(errors[1], F_SETFL, 0);
        become_client(lane->spec, pair[1], errors[1]);
    }

    close(pair[1]);
    close(errors[1]);
    lane->pid = pid;
    lane->fd = pair[0];
    lane->error_fd = errors[0];
    g_string_truncate(lane->errors, 0);
    cp_reaper_watch(lane->reaper, pid);
    return TRUE;
}

gboolean
cp_lane_open(CpLane *lane, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error)
{
    g_autofree char *uri = target->uri(root);
    if (!target->prepare(root, error) || !spawn_client(lane, error))
        return FALSE;
    cp_lane_send(lane, CP_REQUEST_OPEN, uri, strlen(uri));
    cp_lane_wait(lane, 0, -1, outcome);
    return TRUE;
}

void
cp_lane_send(CpLane *lane, CpRequestVerb verb, const char *payload, gsize length)
{
    CpRequest request = { verb, length };
    g_byte_array_set_size(lane->received, 0);
    lane->deadline_ns = cp_now_ns() + lane->spec->deadline_ns;
    /* A client that is gone is noticed by the wait. */
    if (send(lane->fd, &request, sizeof(request), MSG_NOSIGNAL) > 0)
        send(lane->fd, payload, length, MSG_NOSIGNAL);
}

static void
take_errors(CpLane *lane)
{
    char buffer[16384];
    for (ssize_t n; lane->error_fd >= 0 && (n = read(lane->error_fd, buffer, sizeof(buffer))) > 0;) {
        g_string_append_len(lane->errors, buffer, n);
        gint64 now_ns = cp_now_ns();
        for (char *end; lane->on_log && (end = strchr(lane->errors->str, '\n'));) {
            *end = '\0';
            lane->on_log(lane->errors->str, now_ns, lane->on_log_data);
            g_string_erase(lane->errors, 0, end - lane->errors->str + 1);
        }
        if (!lane->on_log && lane->errors->len > ERRORS_KEPT)
            g_string_erase(lane->errors, 0, lane->errors->len - ERRORS_KEPT);
    }
}

/* Takes what has come. TRUE when the reply is whole; `gone` is set when the client has closed its end. */
static gboolean
take_reply(CpLane *lane, CpOutcome *outcome, gboolean *gone)
{
    guint8 buffer[65536];
    ssize_t n;
    while ((n = recv(lane->fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
        g_byte_array_append(lane->received, buffer, n);
    *gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);

    CpReply reply;
    if (lane->received->len < sizeof(reply))
        return FALSE;
    memcpy(&reply, lane->received->data, sizeof(reply));
    if (lane->received->len < sizeof(reply) + reply.length)
        return FALSE;

    g_autofree char *raw = g_strndup((char *)lane->received->data + sizeof(reply), reply.length);
    char *text = g_utf8_make_valid(reply.failed ? g_strchomp(raw) : raw, -1);
    *outcome = (CpOutcome){ reply.failed ? NULL : text, reply.failed ? text : NULL, reply.call_ns, reply.return_ns };
    *gone = FALSE;
    return TRUE;
}

/* The last line that the client wrote, which often says why it died. */
static char *
last_words(const CpLane *lane)
{
    g_autofree char *text = g_strdup(lane->errors->str);
    const char *line = strrchr(g_strchomp(text), '\n');
    g_autofree char *valid = g_utf8_make_valid(line ? line + 1 : text, -1);
    return *valid ? g_strdup_printf(" (%s)", valid) : g_strdup("");
}

static char *
describe_end(const CpLane *lane)
{
    g_autofree char *words = last_words(lane);
    int status = lane->reaper->watched_status;
    if (WIFSIGNALED(status))
        return g_strdup_printf("the client died: %s%s", strsignal(WTERMSIG(status)), words);
    return g_strdup_printf("the client ended with status %d%s", WEXITSTATUS(status), words);
}

static gboolean
lose_client(CpLane *lane, CpOutcome *outcome, char *why)
{
    *outcome = (CpOutcome){ NULL, why, lane->deadline_ns - lane->spec->deadline_ns, cp_now_ns() };
    forget_client(lane);
    return TRUE;
}

/* Reaps until the client itself has ended. */
static void
await_end(CpLane *lane)
{
    while (!lane->reaper->watched_ended) {
        struct pollfd fd = { lane->reaper->fd, POLLIN, 0 };
        poll(&fd, 1, -1);
        cp_reaper_reap(lane->reaper);
    }
}

static int
milliseconds_until(gint64 ns)
{
    return CLAMP((ns - cp_now_ns() + CP_NS_PER_MS - 1) / CP_NS_PER_MS, 0, G_MAXINT);
}

gboolean
cp_lane_wait(CpLane *lane, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gint64 limit_ns = until_ns ? MIN(until_ns, lane->deadline_ns) : lane->deadline_ns;

    for (;;) {
        struct pollfd fds[] = { { lane->fd, POLLIN, 0 },
                                { lane->reaper->fd, POLLIN, 0 },
                                { lane->error_fd, POLLIN, 0 },
                                { wake_fd, POLLIN, 0 } };
        gboolean gone = FALSE;

        int n = poll(fds, G_N_ELEMENTS(fds), milliseconds_until(limit_ns));
        if (fds[1].revents)
            cp_reaper_reap(lane->reaper);
        if (fds[2].revents)
            take_errors(lane);
        if (lane->fd >= 0 && take_reply(lane, outcome, &gone))
            return TRUE;
        if (gone) {
            /* The socket closes a moment before the process can be reaped. */
            await_end(lane);
            take_errors(lane);
            cp_reaper_kill_all(lane->reaper);
            return lose_client(lane, outcome, describe_end(lane));
        }
        if (n > 0 && fds[3].revents)
            return FALSE;
        if (cp_now_ns() >= lane->deadline_ns) {
            cp_reaper_kill_all(lane->reaper);
            g_autofree char *limit = cp_duration_format(lane->spec->deadline_ns);
            return lose_client(lane, outcome, g_strdup_printf("no answer within %s", limit));
        }
        if (cp_now_ns() >= limit_ns)
            return FALSE;
    }
}

void
cp_lane_close(CpLane *lane, CpOutcome *outcome)
{
    if (!lane->pid)
        return;
    cp_lane_send(lane, CP_REQUEST_CLOSE, "", 0);
    cp_lane_wait(lane, 0, -1, outcome);
    if (lane->pid)
        await_end(lane);
    forget_client(lane);
}
