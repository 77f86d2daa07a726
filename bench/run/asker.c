/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Askers. The asker's part and the sandbox's init's part are marked so. */
#include "run/asker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/process-end.h"
#include "run/documents.h"
#include "run/kept-libvirt.h"
#include "run/reads.h"
#include "run/sandbox/mounting.h"
#include "run/sandbox/mounts.h"
#include "run/sandbox/raw-clone.h"
#include "run/sandbox/sandbox.h"
#include "run/tell.h"

/* The line of `read` in the scenario that stands for a watch. */
#define READ_LINE 4

/* How often something is asked for if the asker is killed meanwhile. */
#define ATTEMPTS 3

/* Requests: to ask libvirt, or to tell of a read that an asker before this one did not end. */
#define ASK 'a'
#define TELL_LOST 'l'

typedef struct {
    CpSession *session;
    CpQuestion *question;
    CpEventStream *events;
    CpDocuments *documents;
    CpReads reads;
} Asking;

/* --- in the asker --- */

static gboolean
read_again(Asking *asking, GError **error)
{
    const CpStep step = { .operation = cp_operation(CP_OP_READ), .line = READ_LINE };
    return cp_reads_run(&asking->reads, asking->question, &step, NULL, NULL, error);
}

/* Writes the event of a read whose asker was killed with its libvirt. */
static void
tell_lost_read(Asking *asking)
{
    CpEvent *event = cp_event_new(CP_EVENT_READ);
    event->line = READ_LINE;
    event->name = g_strdup(cp_operation(CP_OP_READ)->word);
    event->question = g_strdup(asking->question->name);
    event->begin_ns = event->end_ns = cp_now_ns();
    event->lost = g_strdup("the client was killed, perhaps by the command");
    event->document = cp_documents_note(asking->documents, asking->question->emulator);
    cp_event_stream_write(asking->events, event);
}

static gboolean
tell_truth(Asking *asking, GError **error)
{
    return cp_host_forget_cache(asking->session->host, error) &&
           cp_tell(asking->session, asking->question, asking->events, asking->documents, error);
}

/* Writes why nothing can be asked, as the last event. */
static void
tell_failure(CpEventStream *events, const GError *error)
{
    CpEvent *event = cp_event_new(CP_EVENT_END);
    event->status = cp_error_exit(error);
    event->error = g_strdup(error->message);
    cp_event_stream_write(events, event);
}

/* If its libraries are those that it had at first, so are libvirt's own data: what a package brings is for the libvirt that it
 * brings as well. */
static gboolean
keep_data(const CpAsker *asker, GError **error)
{
    return !asker->connection->loader || cp_kept_libvirt_cover_data(error);
}

static gboolean
check_data(const CpAsker *asker, GError **error)
{
    return !asker->connection->loader || cp_kept_libvirt_check_data(error);
}

/* The daemons of the one that tells truths have folders of their own beside those of the one that is read. */
static gboolean
cover_folders(const CpAsker *asker, GError **error)
{
    static const char *const folders[] = { "/run/libvirt", "/var/lib/libvirt", "/var/log/libvirt" };
    const CpTarget *target = asker->plan->target;
    gboolean covered = TRUE;
    if (asker->kind != CP_ASKER_TRUTH || !target->daemons || target->unprivileged)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(folders) && covered; i++)
        covered = !g_file_test(folders[i], G_FILE_TEST_IS_DIR) || cp_mounting_tmpfs(folders[i], 0, error);
    return covered;
}

static void
serve(const CpAsker *asker, int requests, CpEventStream *events)
{
    CpHost *host = asker->host;
    g_autoptr(GError) error = NULL;
    CpReaper reaper;
    char request;

    if (!cp_reaper_begin(&reaper, &error) || !cp_sandbox_mount_proc(&error) || !keep_data(asker, &error) ||
        !cover_folders(asker, &error)) {
        tell_failure(events, error);
        return;
    }
    g_autoptr(CpSession) session = cp_session_new(asker->plan->target, asker->connection, host, &reaper);
    g_autoptr(CpDocuments) documents = cp_documents_new(host, events);
    g_autoptr(CpQuestion) question = cp_question_new(asker->plan);
    Asking asking = { session, question, events, documents, { 0 } };
    cp_reads_init(&asking.reads, session, events, documents, question);

    while (!error && TEMP_FAILURE_RETRY(recv(requests, &request, 1, 0)) == 1) {
        gboolean told = TRUE;
        if (request == TELL_LOST)
            tell_lost_read(&asking);
        else
            told = asker->kind == CP_ASKER_READS ? read_again(&asking, &error) : tell_truth(&asking, &error);
        if (told && check_data(asker, &error))
            cp_event_stream_end_task(events);
    }
    if (error)
        tell_failure(events, error);
    cp_reads_clear(&asking.reads);
}

/* --- in the sandbox's init --- */

/* Returns the private host as an asker sees it: libvirt's files are in `root`. */
static CpHost *
make_host(const CpPlan *plan, const char *root)
{
    CpHost *host = cp_host_new(plan->module_dir, plan->emulator, "", plan->kvm);
    g_autofree char *cache = plan->target->cache(root);
    g_autofree char *capabilities = cp_target_capabilities(plan->target, root);
    g_free(host->root);
    host->root = g_strdup(root);
    cp_host_set_cache(host, cache, capabilities);
    return host;
}

/* Starts the process. Its network is its own, so that the ports of two daemons are two. */
static gboolean
start_process(CpAsker *asker, GError **error)
{
    int requests[2], events[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, requests) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pair of sockets");
    if (pipe2(events, O_CLOEXEC) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
        close(requests[0]);
        close(requests[1]);
        return FALSE;
    }

    pid_t pid = cp_raw_clone(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | SIGCHLD);
    if (pid == 0) {
        close(requests[0]);
        close(events[0]);
        g_autoptr(CpEventStream) stream = cp_event_stream_new(events[1]);
        serve(asker, requests[1], stream);
        g_clear_pointer(&stream, cp_event_stream_free);
        cp_process_end(0);
    }
    int number = errno;
    close(requests[1]);
    close(events[1]);
    asker->pid = MAX(pid, 0);
    asker->requests = requests[0];
    asker->events = events[0];
    return pid > 0 || cp_error_set_errno(error, CP_ERROR_FAILED, number, "cannot make namespaces");
}

static void
end_process(CpAsker *asker)
{
    if (asker->requests >= 0)
        close(asker->requests);
    if (asker->events >= 0)
        close(asker->events);
    /* As the init of its namespace it takes all others with it. */
    if (asker->pid) {
        kill(asker->pid, SIGKILL);
        TEMP_FAILURE_RETRY(waitpid(asker->pid, NULL, 0));
    }
    asker->pid = 0;
    asker->requests = asker->events = -1;
}

CpAsker *
cp_asker_start(
    CpAskerKind kind, const CpPlan *plan, const CpConnectionSpec *connection, const char *root, GError **error)
{
    CpAsker *asker = g_new(CpAsker, 1);
    *asker = (CpAsker){ 0, -1, -1, kind, plan, connection, make_host(plan, root) };
    /* The one that tells truths empties its cache each time, where nobody else sees it. */
    gboolean emptied = kind == CP_ASKER_TRUTH || cp_host_forget_cache(asker->host, error);
    if (emptied && start_process(asker, error))
        return asker;
    cp_asker_end(asker);
    return NULL;
}

gboolean
cp_asker_restart(CpAsker *asker, GError **error)
{
    end_process(asker);
    return start_process(asker, error);
}

void
cp_asker_end(CpAsker *asker)
{
    if (!asker)
        return;
    end_process(asker);
    cp_host_free(asker->host);
    g_free(asker);
}

/* Asks, and waits for the answer. Returns the events that came, or NULL; `*done` tells whether they are complete. */
static GPtrArray *
ask_once(const CpAsker *asker, char request, gboolean *done, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    int fd = dup(asker->events);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
    char *line = NULL;
    size_t size = 0;
    gboolean told = TRUE;

    *done = FALSE;
    send(asker->requests, &request, 1, MSG_NOSIGNAL);
    for (ssize_t n; !*done && told && in && (n = getline(&line, &size, in)) > 0;) {
        *done = n == 1;
        CpEvent *event = *done ? NULL : cp_event_read("invalid event from the asker", 1, line, n - 1, error);
        told = *done || event;
        if (event)
            g_ptr_array_add(events, event);
    }
    free(line);
    if (in)
        fclose(in);
    const CpEvent *last = events->len ? events->pdata[events->len - 1] : NULL;
    if (told && last && last->type == CP_EVENT_END) {
        g_set_error_literal(error, CP_ERROR, last->status == CP_EXIT_UNTESTABLE ? CP_ERROR_UNTESTABLE : CP_ERROR_FAILED,
                            last->error);
        told = FALSE;
    }
    return told ? g_steal_pointer(&events) : NULL;
}

GPtrArray *
cp_asker_ask(CpAsker *asker, GError **error)
{
    char request = ASK;
    for (int i = 0; i < ATTEMPTS; i++) {
        gboolean done;
        g_autoptr(GPtrArray) events = ask_once(asker, request, &done, error);
        if (!events || done)
            return g_steal_pointer(&events);
        end_process(asker);
        if (!start_process(asker, error))
            return NULL;
        request = asker->kind == CP_ASKER_READS ? TELL_LOST : ASK;
    }
    g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                        "the process that asks libvirt is killed again and again, perhaps by the command");
    return NULL;
}
