/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to the libvirt under test, by way of a client process. Runs in the sandbox's init. */
#include "run/libvirt/connection.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "base/duration.h"
#include "base/error.h"

/* How much of a reply is read at once, in bytes. */
#define CHUNK 16384

/* An answer that readers have given. */
typedef struct {
    char *answer, *digest;
    gboolean is_xml;
} Text;

static void
text_free(gpointer data)
{
    Text *text = data;
    g_free(text->answer);
    g_free(text->digest);
    g_free(text);
}

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
    connection->fd = -1;
    connection->instructions = (CpInstructions)CP_INSTRUCTIONS_NONE;
    connection->received = g_byte_array_new();
    connection->texts = g_ptr_array_new_with_free_func(text_free);
    cp_log_init(&connection->log);
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

void
cp_connection_forget(CpConnection *connection)
{
    close_fd(&connection->fd);
    cp_instructions_end(&connection->instructions);
    cp_log_close(&connection->log);
    g_byte_array_set_size(connection->received, 0);
    g_ptr_array_set_size(connection->texts, 0);
    connection->pid = 0;
}

void
cp_connection_free(CpConnection *connection)
{
    if (!connection)
        return;
    if (connection->pid)
        cp_reaper_kill(connection->reaper, &connection->child);
    cp_connection_forget(connection);
    g_byte_array_unref(connection->received);
    g_ptr_array_unref(connection->texts);
    cp_log_clear(&connection->log);
    g_hash_table_unref(connection->xml);
    g_free(connection);
}

gboolean
cp_connection_spawn(CpConnection *connection, const CpTarget *target, const char *root, GError **error)
{
    const CpConnectionSpec *spec = connection->spec;
    const char *const by_loader[] = { spec->loader, "--library-path", spec->libraries, spec->client, NULL };
    const char *const directly[] = { spec->client, NULL };
    g_auto(GStrv) env = cp_process_environment(spec, target, root);
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a socket for the client");

    connection->fd = sockets[0];
    int errors = cp_log_open(&connection->log);
    pid_t pid = errors < 0 ? -1 : cp_process_fork(&connection->instructions);
    if (pid == 0)
        cp_process_become(target, spec->loader ? by_loader : directly, env, errors, sockets[1], CP_CLIENT_FD);
    int number = errno;
    close_fd(&sockets[1]);
    close_fd(&errors);
    if (pid > 0) {
        connection->pid = pid;
        cp_reaper_watch(connection->reaper, &connection->child, pid);
        return TRUE;
    }
    cp_connection_forget(connection);
    return cp_error_set_errno(error, CP_ERROR_FAILED, number, "cannot make a process for the client");
}

char *
cp_connection_uri(const CpConnection *connection, const CpTarget *target, const char *root)
{
    /* Clients connect to the last daemon. */
    const char *const *daemons = connection->spec->daemons;
    guint n = daemons ? g_strv_length((GStrv)daemons) : 0;
    return target->uri(root, n > 0 ? daemons[n - 1] : NULL);
}

gboolean
cp_connection_open(
    CpConnection *connection, const CpTarget *target, const char *root, CpOutcome *outcome, GError **error)
{
    g_autofree char *uri = cp_connection_uri(connection, target, root);
    g_autoptr(GString) payload = g_string_new(NULL);
    if (!cp_connection_spawn(connection, target, root, error))
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
    connection->verb = verb;
    connection->asked_ns = cp_now_ns();
    connection->deadline_ns = connection->asked_ns + connection->spec->deadline_ns;
    /* If the client is gone, cp_connection_wait() notices it. */
    if (send(connection->fd, &request, sizeof(request), MSG_NOSIGNAL) > 0)
        send(connection->fd, payload, length, MSG_NOSIGNAL);
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

/* Returns the payload of a reply as text. Says whether it is well-formed XML. The caller owns it. */
static Text *
read_text(const CpConnection *connection, const CpReply *reply)
{
    const char *payload = (const char *)connection->received->data + sizeof(*reply);
    g_autofree char *raw = g_strndup(payload, reply->length);
    Text *text = g_new0(Text, 1);
    text->answer = g_utf8_make_valid(reply->failed ? g_strchomp(raw) : raw, -1);
    text->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->answer, -1);
    text->is_xml = !reply->failed && is_known_xml(connection, text->answer, reply->length, text->digest);
    return text;
}

/* Returns the text that the reply stands for; `*made` is to be freed, if it is set. NULL if it is one that was not sent. */
static const Text *
find_text(CpConnection *connection, const CpReply *reply, Text **made)
{
    *made = NULL;
    if (reply->text > 0 && reply->text <= connection->texts->len)
        return connection->texts->pdata[reply->text - 1];
    if (reply->text > connection->texts->len + 1)
        return NULL;
    Text *text = read_text(connection, reply);
    if (reply->text > 0)
        g_ptr_array_add(connection->texts, text);
    else
        *made = text;
    return text;
}

/* Turns a complete reply into an outcome. */
static CpOutcome
read_reply(CpConnection *connection, const CpReply *reply)
{
    CpOutcome outcome = {
        .call_ns = reply->call_ns, .return_ns = reply->return_ns, .own = reply->own, .children = reply->children
    };
    gboolean is_read = reply->reader > 0
                           ? reply->planned_ns > 0
                           : connection->verb == CP_REQUEST_READ || connection->verb == CP_REQUEST_CAPABILITIES;
    Text *made;
    const Text *text = find_text(connection, reply, &made);
    if (!text || (is_read && !reply->failed && !text->is_xml)) {
        outcome.lost = g_strdup("nonsense: not XML");
    } else if (reply->failed) {
        outcome.error = g_strdup(text->answer);
        outcome.domain = reply->domain;
        outcome.code = reply->code;
    } else {
        outcome.answer = g_strdup(text->answer);
        outcome.digest = g_strdup(text->digest);
    }
    g_clear_pointer(&made, text_free);
    return outcome;
}

/* Takes a complete reply out of what has arrived, if there is one; hands over the reads of readers. Returns TRUE if it is the one to the
 * current request. */
static gboolean
take_complete(CpConnection *connection, CpOutcome *outcome)
{
    CpReply reply;
    gsize taken = 0;
    gboolean answered = FALSE;
    GByteArray *received = connection->received;
    while (!answered && received->len - taken >= sizeof(reply)) {
        memcpy(&reply, received->data + taken, sizeof(reply));
        if (received->len - taken < sizeof(reply) + reply.length)
            break;
        if (taken > 0)
            g_byte_array_remove_range(received, 0, taken);
        taken = sizeof(reply) + reply.length;
        answered = reply.reader == 0;
        CpOutcome ended = read_reply(connection, &reply);
        if (answered) {
            *outcome = ended;
            continue;
        }
        if (connection->take)
            connection->take(reply.reader, reply.planned_ns, &ended, connection->take_data);
        cp_outcome_clear(&ended);
    }
    if (taken > 0)
        g_byte_array_remove_range(received, 0, taken);
    return answered;
}

/* Takes what has arrived. Returns TRUE if the reply to the request is complete; `gone` tells whether the client closed its socket. */
static gboolean
take_reply(CpConnection *connection, CpOutcome *outcome, gboolean *gone)
{
    guint8 buffer[CHUNK];
    ssize_t n;
    while ((n = recv(connection->fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
        g_byte_array_append(connection->received, buffer, n);
    *gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
    if (!take_complete(connection, outcome))
        return FALSE;
    *gone = FALSE;
    return TRUE;
}

static char *
describe_end(const CpConnection *connection)
{
    g_autofree char *end = cp_process_describe_end("the client", connection->child.status);
    g_autofree char *words = cp_log_last_words(&connection->log);
    return g_strconcat(end, words, NULL);
}

/* The client is lost: fills in `outcome`, and takes `why`. */
static void
lose_client(CpConnection *connection, CpOutcome *outcome, char *why)
{
    *outcome = (CpOutcome){ .lost = why, .call_ns = connection->asked_ns, .return_ns = cp_now_ns() };
    cp_connection_forget(connection);
}

/* Waits for the end of a client that closed its socket or was asked to end. Returns NULL if it ended well, else how it
 * ended. */
static char *
await_end(CpConnection *connection)
{
    gboolean in_time = cp_reaper_await(connection->reaper, &connection->child, connection->deadline_ns);
    cp_log_take(&connection->log);
    if (!in_time) {
        g_autofree char *limit = cp_duration_format(connection->spec->deadline_ns);
        return g_strdup_printf("the client closed its socket, but did not end within %s", limit);
    }
    return connection->child.status == 0 ? NULL : describe_end(connection);
}

static int
milliseconds_until(gint64 ns)
{
    return CLAMP((ns - cp_now_ns() + CP_NS_PER_MS - 1) / CP_NS_PER_MS, 0, G_MAXINT);
}

/* Waits until something of all that is awaited happens, and takes what has been logged. Returns whether `wake_fd` is readable. */
static gboolean
wait_for_any(CpConnection *connection, gint64 limit_ns, int wake_fd)
{
    guint n_daemons = connection->daemons ? connection->daemons->len : 0;
    g_autoptr(GArray) fds = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
    g_array_set_size(fds, 4 + n_daemons);
    struct pollfd *fd = (struct pollfd *)fds->data;
    fd[0] = (struct pollfd){ wake_fd, POLLIN, 0 };
    fd[1] = (struct pollfd){ connection->fd, POLLIN, 0 };
    fd[2] = (struct pollfd){ connection->reaper->fd, POLLIN, 0 };
    fd[3] = (struct pollfd){ connection->log.fd, POLLIN, 0 };
    for (guint i = 0; i < n_daemons; i++)
        fd[4 + i] = (struct pollfd){ ((const CpDaemon *)connection->daemons->pdata[i])->log.fd, POLLIN, 0 };

    int n = poll(fd, fds->len, milliseconds_until(limit_ns));
    if (n > 0 && fd[2].revents)
        cp_reaper_reap(connection->reaper);
    cp_log_take(&connection->log);
    for (guint i = 0; i < n_daemons; i++)
        cp_log_take(&((CpDaemon *)connection->daemons->pdata[i])->log);
    return n > 0 && fd[0].revents;
}

gboolean
cp_connection_wait(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gint64 limit_ns = until_ns ? MIN(until_ns, connection->deadline_ns) : connection->deadline_ns;

    for (;;) {
        gboolean woken = wait_for_any(connection, limit_ns, wake_fd), gone = FALSE;
        if (connection->fd >= 0 && take_reply(connection, outcome, &gone))
            return TRUE;
        if (gone) {
            /* The socket closes before the process can be reaped. */
            char *why = await_end(connection);
            lose_client(connection, outcome, why ? why : describe_end(connection));
            return TRUE;
        }
        if (woken)
            return FALSE;
        if (cp_now_ns() >= connection->deadline_ns) {
            cp_reaper_kill(connection->reaper, &connection->child);
            g_autofree char *limit = cp_duration_format(connection->spec->deadline_ns);
            lose_client(connection, outcome, g_strdup_printf("no answer within %s", limit));
            return TRUE;
        }
        if (cp_now_ns() >= limit_ns)
            return FALSE;
    }
}

gboolean
cp_connection_take(CpConnection *connection, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    connection->asked_ns = cp_now_ns();
    connection->deadline_ns = G_MAXINT64;
    return cp_connection_wait(connection, until_ns, wake_fd, outcome);
}

void
cp_connection_close(CpConnection *connection, CpOutcome *outcome)
{
    if (!connection->pid)
        return;
    cp_reaper_reap(connection->reaper);
    if (connection->child.killed) {
        cp_connection_forget(connection);
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
    cp_connection_forget(connection);
    if (!outcome->answer) {
        g_autofree char *cause = outcome->error ? g_steal_pointer(&outcome->error) : g_steal_pointer(&outcome->lost);
        outcome->lost = g_strdup_printf("the connection was not closed: %s", cause);
    }
}
