/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to the libvirt under test, by way of a client process. Runs in the sandbox's init. */
#include "run/libvirt/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/process-end.h"
#include "run/libvirt/library-path.h"
#include "run/sandbox/sandbox.h"

/* How much of the client's standard error is kept, and how much is read at once, in bytes. */
#define ERRORS_KEPT 4096
#define CHUNK 16384

void
cp_outcome_clear(CpOutcome *outcome)
{
    g_clear_pointer(&outcome->answer, g_free);
    g_clear_pointer(&outcome->digest, g_free);
    g_clear_pointer(&outcome->error, g_free);
    g_clear_pointer(&outcome->lost, g_free);
}

CpConnection *
cp_connection_new(const CpConnectionSpec *spec, CpReaper *reaper)
{
    CpConnection *connection = g_new0(CpConnection, 1);
    connection->spec = spec;
    connection->reaper = reaper;
    connection->fd = connection->error_fd = -1;
    connection->received = g_byte_array_new();
    connection->errors = g_string_new(NULL);
    connection->xml = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return connection;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void
forget_client(CpConnection *connection)
{
    close_fd(&connection->fd);
    close_fd(&connection->error_fd);
    connection->pid = 0;
}

void
cp_connection_free(CpConnection *connection)
{
    if (!connection)
        return;
    if (connection->pid)
        cp_reaper_kill_all(connection->reaper);
    forget_client(connection);
    g_byte_array_unref(connection->received);
    g_string_free(connection->errors, TRUE);
    g_hash_table_unref(connection->xml);
    g_free(connection);
}

static GStrv
client_environment(const CpConnectionSpec *spec)
{
    static const char *const kept[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" };
    g_auto(GStrv) env = g_new0(char *, 1);

    env = g_environ_setenv(env, "PATH", CP_SANDBOX_PATH, TRUE);
    env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
    env = cp_library_path_set(cp_sandbox_environment(g_steal_pointer(&env)), spec->libvirt);
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (g_getenv(kept[i]))
            env = g_environ_setenv(env, kept[i], g_getenv(kept[i]), TRUE);
    }
    if (spec->drivers)
        env = g_environ_setenv(env, "LIBVIRT_DRIVER_DIR", spec->drivers, TRUE);
    if (spec->log_filter) {
        env = g_environ_setenv(env, "LIBVIRT_LOG_FILTERS", spec->log_filter, TRUE);
        env = g_environ_setenv(env, "LIBVIRT_LOG_OUTPUTS", "1:stderr", TRUE);
    }
    return g_steal_pointer(&env);
}

/* In the child: becomes the client, with its socket at CP_CLIENT_FD and its standard error at 2. */
static G_NORETURN void
become_client(const CpConnectionSpec *spec, int socket_fd, int error_fd)
{
    g_auto(GStrv) env = client_environment(spec);
    const char *const by_loader[] = { spec->loader, "--library-path", spec->libraries, spec->client, NULL };
    const char *const directly[] = { spec->client, NULL };
    const char *const *argv = spec->loader ? by_loader : directly;

    /* Move both away from the numbers that they may overwrite. */
    int socket_copy = fcntl(socket_fd, F_DUPFD, CP_CLIENT_FD + 1);
    int error_copy = fcntl(error_fd, F_DUPFD, CP_CLIENT_FD + 1);
    int null = open("/dev/null", O_RDWR);
    if (dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(error_copy, 2) == 2 &&
        dup2(socket_copy, CP_CLIENT_FD) == CP_CLIENT_FD) {
        cp_sandbox_confine(CP_CLIENT_FD);
        execve(argv[0], (char **)argv, env);
    }
    cp_process_end(127);
}

static gboolean
fork_client(CpConnection *connection, int sockets[2], int errors[2], GError **error)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0 || pipe2(errors, O_CLOEXEC | O_NONBLOCK) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a socket for the client");

    connection->pid = fork();
    if (connection->pid < 0) {
        connection->pid = 0;
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a process for the client");
    }
    if (connection->pid == 0) {
        /* The client may wait when it writes; the init must not wait when it reads. */
        fcntl(errors[1], F_SETFL, 0);
        become_client(connection->spec, sockets[1], errors[1]);
    }
    return TRUE;
}

static gboolean
spawn_client(CpConnection *connection, GError **error)
{
    int sockets[2] = { -1, -1 }, errors[2] = { -1, -1 };
    gboolean spawned = fork_client(connection, sockets, errors, error);

    close_fd(&sockets[1]);
    close_fd(&errors[1]);
    if (!spawned) {
        close_fd(&sockets[0]);
        close_fd(&errors[0]);
        return FALSE;
    }
    connection->fd = sockets[0];
    connection->error_fd = errors[0];
    g_string_truncate(connection->errors, 0);
    cp_reaper_watch(connection->reaper, connection->pid);
    return TRUE;
}

gboolean
cp_connection_open(
    CpConnection *connection, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error)
{
    g_autofree char *uri = target->uri(root);
    g_autoptr(GString) payload = g_string_new(NULL);
    if (!target->prepare(root, error) || !spawn_client(connection, error))
        return FALSE;
    g_string_append_printf(payload, "%u", connection->start_cpu);
    g_string_append_c(payload, '\0');
    g_string_append(payload, uri);
    cp_connection_send(connection, CP_REQUEST_OPEN, payload->str, payload->len);
    cp_connection_wait(connection, 0, -1, outcome);
    return TRUE;
}

void
cp_connection_send(CpConnection *connection, CpRequestVerb verb, const char *payload, gsize length)
{
    CpRequest request = { verb, length };
    g_byte_array_set_size(connection->received, 0);
    connection->verb = verb;
    connection->deadline_ns = cp_now_ns() + connection->spec->deadline_ns;
    /* If the client is gone, cp_connection_wait() notices it. */
    if (send(connection->fd, &request, sizeof(request), MSG_NOSIGNAL) > 0)
        send(connection->fd, payload, length, MSG_NOSIGNAL);
}

static void
take_errors(CpConnection *connection)
{
    char buffer[CHUNK];
    for (ssize_t n; connection->error_fd >= 0 && (n = read(connection->error_fd, buffer, sizeof(buffer))) > 0;) {
        g_string_append_len(connection->errors, buffer, n);
        gint64 now_ns = cp_now_ns();
        for (char *end; connection->on_log && (end = strchr(connection->errors->str, '\n'));) {
            *end = '\0';
            connection->on_log(connection->errors->str, now_ns, connection->on_log_data);
            g_string_erase(connection->errors, 0, end - connection->errors->str + 1);
        }
        if (!connection->on_log && connection->errors->len > ERRORS_KEPT)
            g_string_erase(connection->errors, 0, connection->errors->len - ERRORS_KEPT);
    }
}

static gboolean
is_xml(const char *text, gsize length)
{
    xmlDoc *document =
        xmlReadMemory(text, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeDoc(document);
    return document != NULL;
}

/* Whether an answer is well-formed XML. What was found to be XML once is not parsed again, for that takes milliseconds. */
static gboolean
is_known_xml(const CpConnection *connection, const char *answer, gsize length, const char *digest)
{
    if (strlen(answer) != length)
        return FALSE; /* it has a NUL, or was not UTF-8 */
    return g_hash_table_contains(connection->xml, digest) ||
           (is_xml(answer, length) && g_hash_table_add(connection->xml, g_strdup(digest)));
}

/* Turns a complete reply into an outcome. */
static CpOutcome
read_reply(const CpConnection *connection, const CpReply *reply)
{
    const char *payload = (const char *)connection->received->data + sizeof(*reply);
    CpOutcome outcome = {
        .call_ns = reply->call_ns, .return_ns = reply->return_ns, .own = reply->own, .children = reply->children
    };
    g_autofree char *text = g_strndup(payload, reply->length);
    g_autofree char *valid = g_utf8_make_valid(reply->failed ? g_strchomp(text) : text, -1);

    if (reply->failed) {
        outcome.error = g_steal_pointer(&valid);
        outcome.domain = reply->domain;
        outcome.code = reply->code;
        return outcome;
    }

    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, valid, -1);
    if ((connection->verb == CP_REQUEST_READ || connection->verb == CP_REQUEST_CAPABILITIES) &&
        !is_known_xml(connection, valid, reply->length, digest)) {
        outcome.lost = g_strdup("nonsense: not XML");
    } else {
        outcome.answer = g_steal_pointer(&valid);
        outcome.digest = g_steal_pointer(&digest);
    }
    return outcome;
}

/* Takes what has arrived. Returns TRUE if the reply is complete; `gone` tells whether the client closed its socket. */
static gboolean
take_reply(CpConnection *connection, CpOutcome *outcome, gboolean *gone)
{
    guint8 buffer[CHUNK];
    ssize_t n;
    while ((n = recv(connection->fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
        g_byte_array_append(connection->received, buffer, n);
    *gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);

    CpReply reply;
    if (connection->received->len < sizeof(reply))
        return FALSE;
    memcpy(&reply, connection->received->data, sizeof(reply));
    if (connection->received->len < sizeof(reply) + reply.length)
        return FALSE;

    *outcome = read_reply(connection, &reply);
    *gone = FALSE;
    return TRUE;
}

/* The last line of the client's standard error, which often says why it died. */
static char *
last_words(const CpConnection *connection)
{
    g_autofree char *text = g_strdup(connection->errors->str);
    const char *line = strrchr(g_strchomp(text), '\n');
    g_autofree char *valid = g_utf8_make_valid(line ? line + 1 : text, -1);
    return *valid ? g_strdup_printf(" (%s)", valid) : g_strdup("");
}

static char *
describe_end(const CpConnection *connection)
{
    g_autofree char *words = last_words(connection);
    int status = connection->reaper->watched_status;
    if (WIFSIGNALED(status))
        return g_strdup_printf("the client died: %s%s", strsignal(WTERMSIG(status)), words);
    return g_strdup_printf("the client ended with status %d%s", WEXITSTATUS(status), words);
}

/* The client is lost: fills in `outcome`, and takes `why`. */
static void
lose_client(CpConnection *connection, CpOutcome *outcome, char *why)
{
    *outcome = (CpOutcome){ .lost = why,
                            .call_ns = connection->deadline_ns - connection->spec->deadline_ns,
                            .return_ns = cp_now_ns() };
    forget_client(connection);
}

/* Waits for the end of a client that closed its socket or was asked to end. Returns NULL if it ended well, else how it
 * ended. */
static char *
await_end(CpConnection *connection)
{
    gboolean in_time = cp_reaper_await_watched(connection->reaper, connection->deadline_ns);
    take_errors(connection);
    if (!in_time) {
        g_autofree char *limit = cp_duration_format(connection->spec->deadline_ns);
        return g_strdup_printf("the client closed its socket, but did not end within %s", limit);
    }
    return connection->reaper->watched_status == 0 ? NULL : describe_end(connection);
}

static int
milliseconds_until(gint64 ns)
{
    return CLAMP((ns - cp_now_ns() + CP_NS_PER_MS - 1) / CP_NS_PER_MS, 0, G_MAXINT);
}

gboolean
cp_connection_wait(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gint64 limit_ns = until_ns ? MIN(until_ns, connection->deadline_ns) : connection->deadline_ns;

    for (;;) {
        struct pollfd fds[] = { { connection->fd, POLLIN, 0 },
                                { connection->reaper->fd, POLLIN, 0 },
                                { connection->error_fd, POLLIN, 0 },
                                { wake_fd, POLLIN, 0 } };
        gboolean gone = FALSE;

        int n = poll(fds, G_N_ELEMENTS(fds), milliseconds_until(limit_ns));
        if (fds[1].revents)
            cp_reaper_reap(connection->reaper);
        if (fds[2].revents)
            take_errors(connection);
        if (connection->fd >= 0 && take_reply(connection, outcome, &gone))
            return TRUE;
        if (gone) {
            /* The socket closes before the process can be reaped. */
            char *why = await_end(connection);
            cp_reaper_kill_all(connection->reaper);
            lose_client(connection, outcome, why ? why : describe_end(connection));
            return TRUE;
        }
        if (n > 0 && fds[3].revents)
            return FALSE;
        if (cp_now_ns() >= connection->deadline_ns) {
            cp_reaper_kill_all(connection->reaper);
            g_autofree char *limit = cp_duration_format(connection->spec->deadline_ns);
            lose_client(connection, outcome, g_strdup_printf("no answer within %s", limit));
            return TRUE;
        }
        if (cp_now_ns() >= limit_ns)
            return FALSE;
    }
}

void
cp_connection_close(CpConnection *connection, CpOutcome *outcome)
{
    if (!connection->pid)
        return;
    cp_reaper_reap(connection->reaper);
    if (connection->reaper->watched_killed) {
        forget_client(connection);
        return;
    }

    cp_connection_send(connection, CP_REQUEST_CLOSE, "", 0);
    cp_connection_wait(connection, 0, -1, outcome);
    if (connection->pid) {
        char *why = await_end(connection);
        if (why) {
            cp_outcome_clear(outcome);
            lose_client(connection, outcome, why);
        }
    }
    forget_client(connection);
    if (!outcome->answer) {
        g_autofree char *cause = outcome->error ? g_steal_pointer(&outcome->error) : g_steal_pointer(&outcome->lost);
        outcome->lost = g_strdup_printf("the connection was not closed: %s", cause);
    }
}
