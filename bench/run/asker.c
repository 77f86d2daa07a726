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

#include "base/error.h"
#include "base/process-end.h"
#include "run/documents.h"
#include "run/reads.h"
#include "run/sandbox/raw-clone.h"
#include "run/sandbox/sandbox.h"

/* The line of `read` in the scenario that stands for a watch. */
#define READ_LINE 4

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

static gboolean
tell_truth(Asking *asking, GError **error)
{
    CpSession *session = asking->session;
    g_auto(CpOutcome) outcome = { 0 }, closed = { 0 };
    if (!cp_host_forget_cache(session->host, error) || !cp_session_open(session, error))
        return FALSE;
    if (cp_session_ask(session, asking->question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);

    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->question = g_strdup(asking->question->name);
    event->state = g_strdup("");
    event->pass = 1;
    event->emulators = cp_session_emulators(session);
    event->document = outcome.lost ? NULL : cp_documents_note(asking->documents, asking->question->emulator);
    cp_session_close(session, &closed);
    cp_event_stream_set_outcome(asking->events, event, &outcome);
    cp_event_stream_write(asking->events, event);
    return TRUE;
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

/* Libvirt's own data stay what they were at first, as its libraries do: what a package brings is for the libvirt that it
 * brings as well. */
static gboolean
keep_data(GError **error)
{
    static const char data[] = "/usr/share/libvirt";
    return !g_file_test(CP_SANDBOX_TREE "/usr/share/libvirt", G_FILE_TEST_IS_DIR) ||
           !g_file_test(data, G_FILE_TEST_IS_DIR) || cp_sandbox_bind(CP_SANDBOX_TREE "/usr/share/libvirt", data, error);
}

static void
serve(CpAskerKind kind,
      const CpPlan *plan,
      const CpConnectionSpec *connection,
      CpHost *host,
      int requests,
      CpEventStream *events)
{
    g_autoptr(GError) error = NULL;
    CpReaper reaper;
    char request;

    if (!cp_reaper_begin(&reaper, &error) || !keep_data(&error)) {
        tell_failure(events, error);
        return;
    }
    g_autoptr(CpSession) session = cp_session_new(plan->target, connection, host, &reaper);
    g_autoptr(CpDocuments) documents = cp_documents_new(host, events);
    g_autoptr(CpQuestion) question = cp_question_new(plan);
    Asking asking = { session, question, events, documents, { 0 } };
    cp_reads_init(&asking.reads, session, events, documents, question);

    while (!error && TEMP_FAILURE_RETRY(recv(requests, &request, 1, 0)) == 1) {
        if (kind == CP_ASKER_READS ? read_again(&asking, &error) : tell_truth(&asking, &error))
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

CpAsker *
cp_asker_start(
    CpAskerKind kind, const CpPlan *plan, const CpConnectionSpec *connection, const char *root, GError **error)
{
    g_autoptr(CpHost) host = make_host(plan, root);
    int requests[2], events[2];
    if (!cp_host_forget_cache(host, error))
        return NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, requests) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pair of sockets");
        return NULL;
    }
    if (pipe2(events, O_CLOEXEC) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");
        close(requests[0]);
        close(requests[1]);
        return NULL;
    }

    pid_t pid = cp_raw_clone(CLONE_NEWPID | CLONE_NEWNS | SIGCHLD);
    if (pid == 0) {
        close(requests[0]);
        close(events[0]);
        g_autoptr(CpEventStream) stream = cp_event_stream_new(events[1]);
        serve(kind, plan, connection, host, requests[1], stream);
        g_clear_pointer(&stream, cp_event_stream_free);
        cp_process_end(0);
    }
    int number = errno;
    close(requests[1]);
    close(events[1]);
    CpAsker *asker = g_new(CpAsker, 1);
    *asker = (CpAsker){ MAX(pid, 0), requests[0], events[0] };
    if (pid > 0)
        return asker;
    cp_asker_end(asker);
    cp_error_set_errno(error, CP_ERROR_FAILED, number, "cannot make namespaces");
    return NULL;
}

void
cp_asker_end(CpAsker *asker)
{
    if (!asker)
        return;
    close(asker->requests);
    close(asker->events);
    /* As the init of its namespace it takes all others with it. */
    if (asker->pid) {
        kill(asker->pid, SIGKILL);
        TEMP_FAILURE_RETRY(waitpid(asker->pid, NULL, 0));
    }
    g_free(asker);
}

GPtrArray *
cp_asker_ask(CpAsker *asker, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    int fd = dup(asker->events);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
    char *line = NULL;
    size_t size = 0;
    gboolean done = FALSE, told = TRUE;

    send(asker->requests, "a", 1, MSG_NOSIGNAL);
    for (ssize_t n; !done && told && in && (n = getline(&line, &size, in)) > 0;) {
        done = n == 1;
        CpEvent *event = done ? NULL : cp_event_read("invalid event from the asker", 1, line, n - 1, error);
        told = done || event;
        if (event)
            g_ptr_array_add(events, event);
    }
    free(line);
    if (in)
        fclose(in);
    if (done)
        return g_steal_pointer(&events);

    const CpEvent *last = events->len ? events->pdata[events->len - 1] : NULL;
    if (told && last && last->type == CP_EVENT_END)
        g_set_error_literal(error, CP_ERROR, last->status == CP_EXIT_UNTESTABLE ? CP_ERROR_UNTESTABLE : CP_ERROR_FAILED,
                            last->error);
    else if (told)
        g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                            "the process that asks libvirt was killed, perhaps by the command");
    return NULL;
}

/* --- which libvirt runs --- */

/* Returns what the client that runs in an asker has mapped into its memory; NULL if there is no client. */
static char *
find_maps(void)
{
    g_autoptr(GDir) all = g_dir_open("/proc", 0, NULL);
    for (const char *name; all && (name = g_dir_read_name(all));) {
        g_autofree char *exe = g_build_filename("/proc", name, "exe", NULL);
        g_autofree char *program = g_ascii_isdigit(*name) ? g_file_read_link(exe, NULL) : NULL;
        g_autofree char *path = g_build_filename("/proc", name, "maps", NULL);
        char *maps = NULL;
        if (g_strcmp0(program, CP_SANDBOX_CLIENT) == 0 && g_file_get_contents(path, &maps, NULL, NULL))
            return maps;
    }
    return NULL;
}

/* Returns where `path` is in the tree below the overlay; itself if it is not there. */
static char *
path_below(const char *path)
{
    char *below = g_strconcat(CP_SANDBOX_TREE, path, NULL);
    if (access(below, F_OK) == 0)
        return below;
    g_free(below);
    return g_strdup(path);
}

gboolean
cp_asker_keep_libvirt(CpConnectionSpec *connection, GError **error)
{
    g_autofree char *maps = find_maps();
    g_auto(GStrv) lines = g_strsplit(maps ? maps : "", "\n", -1);
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *loader = NULL, *drivers = NULL;

    for (char **line = lines; *line; line++) {
        const char *path = strchr(*line, '/');
        if (!path || !strstr(path, ".so"))
            continue;
        g_autofree char *name = g_path_get_basename(path);
        g_autofree char *file = path_below(path);
        g_autofree char *folder = g_path_get_dirname(file);
        if (!loader && g_str_has_prefix(name, "ld"))
            loader = g_strdup(file);
        if (!drivers && g_str_has_prefix(name, "libvirt_driver_"))
            drivers = g_strdup(folder);
        else if (!g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
            /* Whatever else is in another folder, libvirt's own libraries come first. */
            g_ptr_array_insert(folders, g_str_has_prefix(name, "libvirt.so") ? 0 : -1, g_steal_pointer(&folder));
    }
    if (!loader || !drivers) {
        g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE, "libvirt was lost at its first read");
        return FALSE;
    }
    connection->loader = g_steal_pointer(&loader);
    g_ptr_array_add(folders, NULL);
    connection->libraries = g_strjoinv(":", (char **)folders->pdata);
    connection->drivers = g_steal_pointer(&drivers);
    return TRUE;
}
