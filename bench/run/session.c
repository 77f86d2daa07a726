/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session: the libvirt under test is started, asked and ended. Runs in the sandbox's init. */
#include "run/session.h"

#include <string.h>

#include "base/duration.h"
#include "run/libvirt/settings.h"

CpSession *
cp_session_new(const CpTarget *target, const CpConnectionSpec *spec, CpHost *host, CpReaper *reaper)
{
    CpSession *session = g_new0(CpSession, 1);
    session->host = host;
    session->reaper = reaper;
    session->spec = *spec;
    session->connection = cp_connection_new(&session->spec, reaper);
    cp_session_set_target(session, target, spec->daemons);
    return session;
}

void
cp_session_free(CpSession *session)
{
    if (!session)
        return;
    cp_connection_free(session->connection);
    g_ptr_array_unref(session->daemons);
    cp_outcome_clear(&session->opened);
    g_free(session->close_error);
    g_free(session);
}

static void
add_time(CpSession *session, const CpOutcome *outcome)
{
    session->libvirt_ns += outcome->return_ns - outcome->call_ns;
}

/* Starts the daemons that do not run. Returns NULL, or why one of them does not. */
static char *
start_daemons(CpSession *session)
{
    for (guint i = 0; i < session->daemons->len; i++) {
        CpDaemon *daemon = session->daemons->pdata[i];
        char *why = cp_daemon_runs(daemon)
                        ? NULL
                        : cp_daemon_start(daemon, session->host->root, session->host->start_cpu, session->idle_exit);
        if (why)
            return why;
    }
    return NULL;
}

/* Returns how a daemon has ended, or NULL if all run. */
static char *
find_end_of_daemon(CpSession *session)
{
    for (guint i = 0; i < session->daemons->len; i++) {
        char *end = cp_daemon_find_end(session->daemons->pdata[i]);
        if (end)
            return end;
    }
    return NULL;
}

/* A daemon that is gone is the reason of whatever the client says. What a lost libvirt has left behind must not disturb the next. */
static void
look_for_loss(CpSession *session, CpOutcome *outcome)
{
    char *end = outcome->answer ? NULL : find_end_of_daemon(session);
    if (end) {
        gint64 now_ns = cp_now_ns(), call_ns = outcome->call_ns ? outcome->call_ns : now_ns;
        cp_outcome_clear(outcome);
        *outcome = (CpOutcome){ .lost = end, .call_ns = call_ns, .return_ns = now_ns };
    }
    if (!outcome->lost)
        return;
    cp_session_kill(session);
}

static gboolean
limit_clients(const CpSession *session, GError **error)
{
    g_autofree char *folder = cp_daemon_settings(session->target, session->host->root);
    return cp_settings_limit_clients(folder, session->max_clients, error);
}

gboolean
cp_session_open(CpSession *session, GError **error)
{
    gint64 begin_ns = cp_now_ns();
    cp_outcome_clear(&session->opened);
    session->connection->start_cpu = session->host->start_cpu;
    if (!session->target->prepare(session->host->root, error))
        return FALSE;
    if (session->daemons->len > 0 && !limit_clients(session, error))
        return FALSE;
    session->opened.lost = start_daemons(session);
    if (!session->opened.lost &&
        !cp_connection_open(session->connection, session->target, session->host->root, &session->opened, error))
        return FALSE;
    look_for_loss(session, &session->opened);
    for (guint i = 0; i < session->daemons->len; i++)
        cp_daemon_free_cpu(session->daemons->pdata[i]);
    session->libvirt_ns += cp_now_ns() - begin_ns;
    g_clear_pointer(&session->opened.answer, g_free);
    return TRUE;
}

gboolean
cp_session_is_open(const CpSession *session)
{
    return !session->opened.error && !session->opened.lost;
}

gboolean
cp_session_has_client(const CpSession *session)
{
    return session->connection->pid != 0;
}

/* Ends the daemons, the last first. Returns NULL, or what went wrong first. */
static char *
stop_daemons(CpSession *session, char *stop(CpDaemon *))
{
    char *first = NULL;
    for (guint i = session->daemons->len; i-- > 0;) {
        char *why = stop(session->daemons->pdata[i]);
        if (first)
            g_free(why);
        else
            first = why;
    }
    return first;
}

static void
close_session(CpSession *session, char *stop(CpDaemon *), CpOutcome *outcome)
{
    gint64 begin_ns = cp_now_ns();
    /* Without a connection libvirt cannot be asked to close it. */
    if (!cp_session_is_open(session))
        cp_reaper_kill_all(session->reaper);
    cp_connection_close(session->connection, outcome);
    look_for_loss(session, outcome);
    char *why = stop_daemons(session, stop);
    if (why && !outcome->lost) {
        cp_outcome_clear(outcome);
        *outcome = (CpOutcome){ .lost = g_steal_pointer(&why), .call_ns = begin_ns, .return_ns = cp_now_ns() };
    }
    g_free(why);
    session->libvirt_ns += cp_now_ns() - begin_ns;
    if (!session->close_error)
        session->close_error = g_strdup(outcome->lost);
}

void
cp_session_close(CpSession *session, CpOutcome *outcome)
{
    close_session(session, cp_daemon_stop, outcome);
}

void
cp_session_close_idle(CpSession *session, CpOutcome *outcome)
{
    close_session(session, cp_daemon_await_idle_exit, outcome);
}

void
cp_session_kill(CpSession *session)
{
    cp_reaper_kill_all(session->reaper);
    cp_connection_forget(session->connection);
    for (guint i = 0; i < session->daemons->len; i++)
        cp_daemon_forget(session->daemons->pdata[i]);
}

void
cp_session_set_target(CpSession *session, const CpTarget *target, const char *const *daemons)
{
    session->target = target;
    session->spec.daemons = daemons;
    g_clear_pointer(&session->daemons, g_ptr_array_unref);
    session->daemons = cp_daemons_new(target, &session->spec, session->reaper);
    session->connection->daemons = session->daemons;
}

/* The outcome of a question to a libvirt that could not be opened. */
static CpOutcome
unopened(const CpOutcome *opened)
{
    const char *why = opened->error ? opened->error : opened->lost;
    char *text = g_strdup_printf("libvirt could not be opened: %s", why);
    gint64 now_ns = cp_now_ns();
    CpOutcome outcome = { .domain = opened->domain, .code = opened->code, .call_ns = now_ns, .return_ns = now_ns };
    *(opened->error ? &outcome.error : &outcome.lost) = text;
    return outcome;
}

/* The CPU time of all daemons, and in `*children` of what they have waited for. */
static CpCpuTime
cpu_time(const CpSession *session, CpCpuTime *children)
{
    CpCpuTime own = { 0 };
    *children = own;
    for (guint i = 0; i < session->daemons->len; i++) {
        CpCpuTime one, its_children;
        one = cp_daemon_cpu_time(session->daemons->pdata[i], &its_children);
        own.user_ns += one.user_ns;
        own.system_ns += one.system_ns;
        children->user_ns += its_children.user_ns;
        children->system_ns += its_children.system_ns;
    }
    return own;
}

/* The instructions of libvirt's processes, and of what they have started. FALSE if they are not counted. */
static gboolean
count_instructions(const CpSession *session, CpInstructionCounts *sum)
{
    gboolean counted = cp_instructions_read(&session->connection->instructions, sum);
    for (guint i = 0; i < session->daemons->len; i++) {
        CpInstructionCounts one;
        counted &= cp_instructions_read(&((const CpDaemon *)session->daemons->pdata[i])->instructions, &one);
        sum->own += one.own;
        sum->children += one.children;
    }
    return counted;
}

static void
add_difference(CpCpuTime *sum, CpCpuTime after, CpCpuTime before)
{
    sum->user_ns += after.user_ns - before.user_ns;
    sum->system_ns += after.system_ns - before.system_ns;
}

void
cp_session_watch(CpSession *session, const CpQuestion *question)
{
    CpReaper *reaper = session->reaper;
    cp_start_counter_watch_only(&reaper->starts, question->emulators[0]);
    for (guint i = 1; question->emulators[i]; i++)
        cp_start_counter_watch_also(&reaper->starts, question->emulators[i]);
    cp_start_counter_update(&reaper->starts);
    cp_reaper_forget_peak(reaper);
}

gboolean
cp_session_ask(CpSession *session, const CpQuestion *question, CpOutcome *outcome)
{
    if (!session->shared)
        cp_session_watch(session, question);
    session->before = *session->reaper;
    session->own_before = cpu_time(session, &session->children_before);
    session->counted = count_instructions(session, &session->instructions_before);

    if (cp_session_is_open(session)) {
        cp_connection_send(session->connection, question->verb, question->payload->str, question->payload->len);
        return TRUE;
    }
    *outcome = unopened(&session->opened);
    g_auto(CpOutcome) closed = { 0 };
    cp_session_close(session, &closed);
    return FALSE;
}

void
cp_session_request(CpSession *session, CpRequestVerb verb, const GString *payload)
{
    session->before = *session->reaper;
    session->own_before = cpu_time(session, &session->children_before);
    cp_connection_send(session->connection, verb, payload->str, payload->len);
}

gboolean
cp_session_take(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    if (!cp_connection_take(session->connection, until_ns, wake_fd, outcome))
        return FALSE;
    look_for_loss(session, outcome);
    return TRUE;
}

static JsonObject *
parse_object(const char *text)
{
    g_autoptr(JsonNode) node = text && *text ? json_from_string(text, NULL) : NULL;
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_object_ref(json_node_get_object(node)) : NULL;
}

JsonObject *
cp_session_admin(CpSession *session)
{
    if (!session->target->sockets || session->daemons->len == 0)
        return NULL;
    const CpDaemon *last = session->daemons->pdata[session->daemons->len - 1];
    g_autofree char *folder = session->target->sockets(session->host->root);
    g_autofree char *uri = cp_settings_admin_uri(folder, last->name);
    g_autoptr(GString) payload = g_string_new(uri);
    g_auto(CpOutcome) outcome = { 0 };
    g_string_append_c(payload, '\0');
    g_string_append_len(payload, last->name, strlen(last->name) + 1);

    g_autoptr(CpConnection) asker = cp_connection_new(&session->spec, session->reaper);
    if (!cp_connection_spawn(asker, session->target, session->host->root, NULL))
        return NULL;
    cp_connection_send(asker, CP_REQUEST_ADMIN, payload->str, payload->len);
    cp_connection_wait(asker, 0, -1, &outcome);
    return parse_object(outcome.answer);
}

char *
cp_session_uri(const CpSession *session)
{
    return cp_connection_uri(session->connection, session->target, session->host->root);
}

gboolean
cp_session_wait(CpSession *session, gint64 until_ns, int wake_fd, CpOutcome *outcome)
{
    gboolean ended = cp_connection_wait(session->connection, until_ns, wake_fd, outcome);
    if (!ended)
        return FALSE;
    CpCpuTime children, own = cpu_time(session, &children);
    if (session->daemons->len > 0 && !outcome->lost) {
        add_difference(&outcome->own, own, session->own_before);
        add_difference(&outcome->children, children, session->children_before);
    }
    CpInstructionCounts counts;
    if (session->counted && count_instructions(session, &counts)) {
        outcome->instructions.own = counts.own - session->instructions_before.own;
        outcome->instructions.children = counts.children - session->instructions_before.children;
    }
    add_time(session, outcome);
    look_for_loss(session, outcome);
    return TRUE;
}

CpLog *
cp_session_log(CpSession *session)
{
    CpDaemon *driver = session->daemons->len > 0 ? session->daemons->pdata[0] : NULL;
    return driver ? &driver->log : &session->connection->log;
}

gint64
cp_session_emulators(CpSession *session)
{
    return cp_reaper_emulators_since(session->reaper, &session->before);
}
