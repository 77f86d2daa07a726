/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clients that read at planned times, beside each other, while steps are carried out. Runs in the sandbox's init. */
#include "run/clients.h"

#include <string.h>

#include "base/duration.h"
#include "base/error.h"

/* A time in which emulators ran. */
typedef struct {
    gint64 begin_ns, end_ns;
} Probe;

/* The last read of a client. */
typedef struct {
    gint64 planned_ns, end_ns;
} LastRead;

struct _CpClients {
    CpReads *reads; /* borrowed, as `step` */
    const CpStep *step;
    CpQuestion *beside; /* of the last client; NULL if it asks as the others do */
    gint64 period_ns, begin_ns;
    GArray *last;    /* of LastRead, one for each client */
    guint connected; /* how many are, while they are being connected */
    gint64 told;     /* reads that were written */
    gboolean lost;   /* libvirt is, so that nobody reads any more */
    GArray *probes;  /* of Probe, in order; those that are over */
    gint64 probe_ns; /* when the present one began; 0 if no emulator runs */
    CpReaper looked; /* the reaper when cp_clients_look() was called last */
    gint64 running;  /* emulators */
    CpReaper before; /* the reaper at the begin */
    CpCpuTime own_before, children_before;
    gint64 libvirt_ns; /* the session's, at the begin */
};

void
cp_clients_free(CpClients *clients)
{
    if (!clients)
        return;
    g_array_unref(clients->last);
    g_array_unref(clients->probes);
    cp_question_free(clients->beside);
    g_free(clients);
}

int
cp_clients_fd(const CpClients *clients)
{
    return clients->reads->session->reaper->starts.fd;
}

/* --- emulators --- */

/* An emulator that fails before it is a daemon is reaped by libvirt, and counts as running until as many others have ended. */
static void
follow_emulators(CpClients *clients)
{
    CpReaper *reaper = clients->reads->session->reaper;
    gint64 now_ns = cp_now_ns();
    gint64 started = cp_reaper_emulators_since(reaper, &clients->looked), ended = reaper->ended - clients->looked.ended;
    clients->looked = *reaper;
    if (started > 0 && !clients->probe_ns)
        clients->probe_ns = now_ns;
    clients->running += started - ended;
    if (clients->probe_ns && clients->running <= 0) {
        Probe probe = { MIN(clients->probe_ns, reaper->last_end_ns), reaper->last_end_ns };
        g_array_append_val(clients->probes, probe);
        clients->probe_ns = clients->running = 0;
    }
}

gboolean
cp_clients_probing(const CpClients *clients, gint64 begin_ns, gint64 end_ns)
{
    if (clients->probe_ns && clients->probe_ns <= end_ns)
        return TRUE;
    for (guint i = clients->probes->len; i-- > 0;) {
        const Probe *probe = &g_array_index(clients->probes, Probe, i);
        if (probe->end_ns < begin_ns)
            return FALSE;
        if (probe->begin_ns <= end_ns)
            return TRUE;
    }
    return FALSE;
}

/* --- reads --- */

static const CpQuestion *
question_of(const CpClients *clients, guint client)
{
    return clients->beside && client == clients->last->len ? clients->beside : clients->reads->question;
}

static void
write_read(CpClients *clients, guint client, gint64 planned_ns, const CpOutcome *outcome)
{
    CpReads *reads = clients->reads;
    if (reads->before_event)
        reads->before_event(reads->before_event_data);
    CpEvent *event = cp_event_new(CP_EVENT_READ);
    event->line = clients->step->line;
    event->name = g_strdup(clients->step->operation->word);
    event->question = g_strdup(question_of(clients, client)->name);
    event->client = client;
    event->planned_ns = planned_ns;
    event->begin_ns = outcome->call_ns;
    event->end_ns = outcome->return_ns;
    event->probing = cp_clients_probing(clients, planned_ns, event->end_ns);
    cp_event_stream_set_outcome(reads->events, event, outcome);
    g_array_index(clients->last, LastRead, client - 1) = (LastRead){ planned_ns, event->end_ns };
    clients->told++;
    cp_event_stream_write(reads->events, event);
}

static void
take_read(guint client, gint64 planned_ns, CpOutcome *outcome, gpointer data)
{
    CpClients *clients = data;
    if (client > clients->last->len)
        return;
    if (planned_ns == 0) {
        clients->connected++;
        return;
    }
    follow_emulators(clients);
    write_read(clients, client, planned_ns, outcome);
}

/* libvirt is lost, and with it the read of each client that it had begun or ought to have begun. */
static void
lose(CpClients *clients, const char *why)
{
    if (clients->lost)
        return;
    gint64 now_ns = cp_now_ns();
    clients->lost = TRUE;
    clients->reads->session->shared = FALSE;
    for (guint i = 0; i < clients->last->len; i++) {
        LastRead last = g_array_index(clients->last, LastRead, i);
        gint64 planned_ns = last.planned_ns + clients->period_ns;
        CpOutcome outcome = { .lost = (char *)why, .call_ns = MAX(planned_ns, last.end_ns), .return_ns = now_ns };
        if (planned_ns <= now_ns)
            write_read(clients, i + 1, planned_ns, &outcome);
    }
}

void
cp_clients_look(CpClients *clients)
{
    follow_emulators(clients);
    if (!cp_session_has_client(clients->reads->session))
        lose(clients, "libvirt was lost");
}

void
cp_clients_pause(CpClients *clients, gint64 until_ns)
{
    CpSession *session = clients->reads->session;
    g_auto(CpOutcome) outcome = { 0 };
    if (clients->lost || !cp_session_has_client(session)) {
        cp_reaper_poll(session->reaper, until_ns, cp_clients_fd(clients));
    } else if (cp_session_take(session, until_ns, cp_clients_fd(clients), &outcome)) {
        lose(clients, outcome.lost);
    }
    cp_clients_look(clients);
}

/* --- begin and end --- */

/* Waits for the reply to a request about the clients. */
static void
await_reply(CpClients *clients, CpOutcome *outcome)
{
    while (!cp_session_wait(clients->reads->session, 0, cp_clients_fd(clients), outcome))
        follow_emulators(clients);
    follow_emulators(clients);
}

static void
append_string(GString *payload, const char *string)
{
    g_string_append_len(payload, string, strlen(string) + 1);
}

static GString *
describe(const CpClients *clients, const char *uri)
{
    GString *payload = g_string_new(NULL);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, clients->step->number);
    g_autofree char *period = g_strdup_printf("%" G_GINT64_FORMAT, clients->period_ns);
    const GString *question = clients->reads->question->payload;
    append_string(payload, uri);
    append_string(payload, number);
    append_string(payload, period);
    g_string_append_len(payload, question->str, question->len);
    if (clients->beside)
        g_string_append_len(payload, clients->beside->payload->str, clients->beside->payload->len);
    return payload;
}

static CpClients *
new_clients(CpReads *reads, const CpPlan *plan, const CpStep *step)
{
    CpClients *clients = g_new0(CpClients, 1);
    clients->reads = reads;
    clients->step = step;
    clients->beside = cp_question_new_beside(plan, step);
    clients->period_ns = CP_NS_PER_S / step->rate;
    clients->last = g_array_new(FALSE, TRUE, sizeof(LastRead));
    g_array_set_size(clients->last, step->number + (clients->beside != NULL));
    clients->probes = g_array_new(FALSE, FALSE, sizeof(Probe));
    return clients;
}

/* Counts from now on what belongs to the clients. */
static void
begin_to_count(CpClients *clients)
{
    CpSession *session = clients->reads->session;
    cp_session_watch(session, clients->reads->question);
    if (clients->beside)
        cp_start_counter_watch_also(&session->reaper->starts, clients->beside->emulator);
    clients->before = clients->looked = *session->reaper;
    clients->own_before = session->own_before;
    clients->children_before = session->children_before;
    clients->libvirt_ns = session->libvirt_ns;
    session->shared = TRUE;
}

/* Takes `admin`. */
static void
write_begin(CpClients *clients, JsonObject *admin)
{
    CpEvent *event = cp_event_new(CP_EVENT_CLIENTS);
    event->line = clients->step->line;
    event->clients = clients->last->len;
    event->rate = clients->step->rate;
    event->question = g_strdup(clients->reads->question->name);
    event->beside = clients->beside ? g_strdup(clients->beside->name) : NULL;
    event->begin_ns = clients->begin_ns;
    event->admin = admin;
    cp_event_stream_write(clients->reads->events, event);
}

/* Connects the clients. Returns TRUE, or FALSE with `outcome` filled in. */
static gboolean
connect_all(CpClients *clients, CpOutcome *outcome)
{
    CpSession *session = clients->reads->session;
    if (!cp_session_is_open(session)) {
        outcome->error = g_strdup(session->opened.error ? session->opened.error : session->opened.lost);
        return FALSE;
    }
    g_autofree char *uri = cp_session_uri(session);
    g_autoptr(GString) payload = describe(clients, uri);
    session->connection->take = take_read;
    session->connection->take_data = clients;
    cp_session_request(session, CP_REQUEST_READERS, payload);
    begin_to_count(clients);
    await_reply(clients, outcome);
    return outcome->answer != NULL;
}

/* Lets the clients read, and writes that. Returns TRUE, or FALSE with `outcome` filled in. */
static gboolean
start_all(CpClients *clients, CpOutcome *outcome)
{
    CpSession *session = clients->reads->session;
    g_autoptr(GString) nothing = g_string_new(NULL);
    g_autoptr(JsonObject) admin = cp_session_admin(session);
    cp_outcome_clear(outcome);
    if (!cp_session_has_client(session)) {
        outcome->lost = g_strdup("libvirt was lost");
        return FALSE;
    }
    cp_session_request(session, CP_REQUEST_READERS_START, nothing);
    await_reply(clients, outcome);
    clients->begin_ns = outcome->return_ns;
    for (guint i = 0; i < clients->last->len; i++)
        g_array_index(clients->last, LastRead, i) =
            (LastRead){ clients->begin_ns - clients->period_ns, clients->begin_ns };
    if (!outcome->answer)
        return FALSE;
    write_begin(clients, g_steal_pointer(&admin));
    return TRUE;
}

gboolean
cp_clients_begin(CpReads *reads, const CpPlan *plan, const CpScenario *scenario, const CpStep *step, GError **error)
{
    CpSession *session = reads->session;
    g_auto(CpOutcome) outcome = { 0 };
    if (!cp_session_has_client(session) && !cp_session_open(session, error))
        return FALSE;
    CpClients *clients = reads->clients = new_clients(reads, plan, step);
    if (connect_all(clients, &outcome) && start_all(clients, &outcome))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s:%u:%u: only %u of %u clients could connect: %s",
                scenario->file, step->line, step->columns[0], clients->connected, clients->last->len,
                outcome.error ? outcome.error : outcome.lost);
    cp_clients_drop(reads);
    return FALSE;
}

/* Takes `admin`. */
static void
write_end(CpClients *clients, const CpOutcome *outcome, JsonObject *admin)
{
    CpReads *reads = clients->reads;
    CpReaper *reaper = reads->session->reaper;
    CpEvent *event = cp_event_new(CP_EVENT_CLIENTS_END);
    event->line = clients->step->line;
    event->end_ns = cp_now_ns();
    event->reads = outcome->answer ? g_ascii_strtoll(outcome->answer, NULL, 10) : clients->told;
    event->lost = g_strdup(clients->lost ? "libvirt was lost" : NULL);
    event->document = cp_documents_note(reads->documents, reads->question->emulator);
    event->emulators = cp_reaper_emulators_since(reaper, &clients->before);
    event->user_ns = reaper->user_ns - clients->before.user_ns + outcome->children.user_ns;
    event->system_ns = reaper->system_ns - clients->before.system_ns + outcome->children.system_ns;
    event->max_rss_kb = reaper->max_rss_kb;
    event->libvirt_user_ns = outcome->own.user_ns;
    event->libvirt_system_ns = outcome->own.system_ns;
    event->admin = admin;
    reads->session->libvirt_ns = clients->libvirt_ns + event->end_ns - clients->begin_ns;
    cp_event_stream_write(reads->events, event);
}

void
cp_clients_end(CpReads *reads)
{
    CpClients *clients = reads->clients;
    CpSession *session = reads->session;
    g_auto(CpOutcome) outcome = { 0 };
    g_autoptr(GString) nothing = g_string_new(NULL);
    cp_clients_look(clients);
    /* As long as they are connected. */
    JsonObject *admin = clients->lost ? NULL : cp_session_admin(session);
    cp_clients_look(clients);
    if (!clients->lost) {
        cp_session_request(session, CP_REQUEST_READERS_END, nothing);
        session->own_before = clients->own_before;
        session->children_before = clients->children_before;
        await_reply(clients, &outcome);
        if (!outcome.answer)
            lose(clients, outcome.error ? outcome.error : outcome.lost);
    }
    session->shared = FALSE;
    session->connection->take = NULL;
    write_end(clients, &outcome, admin);
    g_clear_pointer(&reads->clients, cp_clients_free);
}

void
cp_clients_drop(CpReads *reads)
{
    if (!reads->clients)
        return;
    cp_session_kill(reads->session);
    reads->session->shared = FALSE;
    reads->session->connection->take = NULL;
    g_clear_pointer(&reads->clients, cp_clients_free);
}
