/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs any command in the sandbox that runs use. The init's part and the caller's part are marked so. */
#include "run/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/process-end.h"
#include "run/find.h"
#include "run/interrupt.h"
#include "run/libvirt/library-path.h"
#include "run/libvirt/target.h"
#include "run/run.h"
#include "run/sandbox/reaper.h"
#include "run/sandbox/sandbox.h"
#include "run/tree.h"

/* The command with everything that was found for it. */
typedef struct {
    const CpCommandSpec *spec;
    const CpFound *found; /* NULL if the sandbox is plain */
    CpKvm kvm;
    int error_fd; /* where the init writes why the command could not be run or finished */
} Command;

/* --- in the init --- */

/* Gives the command what a scenario finds when a round begins: modules, an empty cache, /dev/kvm, libvirt's root. */
static gboolean
prepare_host(const Command *command, GError **error)
{
    const CpFound *found = command->found;
    if (!found)
        return TRUE;
    g_autoptr(CpHost) host = cp_host_new(found->module_dir, found->emulator, "", command->kvm);
    return cp_host_reset(host, error) && cp_target_embed.prepare(host->root, error);
}

static G_NORETURN void
become_command(const Command *command)
{
    char **argv = command->spec->argv;
    GStrv env = cp_sandbox_environment(g_get_environ());
    if (command->found)
        env = cp_library_path_set(env, command->found->libvirt_dir);

    int output = command->spec->output;
    if (output && (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0))
        cp_process_end(CP_COMMAND_NOT_EXECUTABLE);
    cp_sandbox_confine(STDERR_FILENO);
    const char *path = strchr(argv[0], '/') ? argv[0] : g_find_program_in_path(argv[0]);
    if (path)
        execve(path, argv, env);
    int number = path ? errno : ENOENT;
    g_printerr("capprobe: %s: cannot be executed: %s\n", argv[0], g_strerror(number));
    cp_process_end(number == ENOENT ? CP_COMMAND_NOT_FOUND : CP_COMMAND_NOT_EXECUTABLE);
}

/* Runs the command to its end; returns the status to pass on. */
static gboolean
run_to_end(const Command *command, int *status, GError **error)
{
    gint64 deadline_ns = command->spec->deadline_ns;
    CpReaper reaper;
    if (!cp_reaper_begin(&reaper, error) || !prepare_host(command, error))
        return FALSE;

    pid_t pid = fork();
    if (pid < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a process for the command");
    if (pid == 0)
        become_command(command);
    CpChild child;
    cp_reaper_watch(&reaper, &child, pid);
    gboolean in_time = cp_reaper_await(&reaper, &child, deadline_ns ? cp_now_ns() + deadline_ns : G_MAXINT64);
    cp_reaper_kill_all(&reaper);
    if (!in_time) {
        g_autofree char *limit = cp_duration_format(deadline_ns);
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s did not end within %s", command->spec->argv[0], limit);
        return FALSE;
    }
    *status = WIFSIGNALED(child.status) ? 128 + WTERMSIG(child.status) : WEXITSTATUS(child.status);
    return TRUE;
}

static void
run_init(gpointer data)
{
    const Command *command = data;
    g_autoptr(GError) error = NULL;
    int status = CP_EXIT_FAILED;

    if (!run_to_end(command, &status, &error)) {
        ssize_t written G_GNUC_UNUSED = write(command->error_fd, error->message, strlen(error->message));
        status = cp_error_exit(error);
    }
    cp_process_end(status);
}

/* --- in the caller --- */

/* Reads what the init has to say until it ends. Returns FALSE, with `error` set, if there was anything. */
static gboolean
take_error(int fd, int status, GError **error)
{
    g_autoptr(GString) message = g_string_new(NULL);
    char chunk[1024];
    for (ssize_t n; (n = TEMP_FAILURE_RETRY(read(fd, chunk, sizeof(chunk)))) > 0;)
        g_string_append_len(message, chunk, n);
    if (message->len == 0 && WIFEXITED(status))
        return TRUE;
    g_set_error(error, CP_ERROR,
                WIFEXITED(status) && WEXITSTATUS(status) == CP_EXIT_UNTESTABLE ? CP_ERROR_UNTESTABLE : CP_ERROR_FAILED,
                "%s", message->len ? message->str : "the sandbox was killed");
    return FALSE;
}

static gboolean
spawn_and_wait(Command *command, const CpSandboxSpec *sandbox, int *status, GError **error)
{
    int errors[2];
    if (pipe2(errors, O_CLOEXEC) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");

    command->error_fd = errors[1];
    pid_t pid = cp_sandbox_spawn(sandbox, run_init, command, error);
    close(errors[1]);
    int end = 0;
    /* The init has the other end of the pipe until it ends. */
    struct pollfd fds[] = { { cp_interrupt_fd(), POLLIN, 0 }, { errors[0], POLLIN, 0 } };
    if (pid > 0)
        TEMP_FAILURE_RETRY(poll(fds, G_N_ELEMENTS(fds), -1));
    if (pid > 0 && cp_interrupted())
        kill(pid, SIGKILL);
    gboolean done = pid > 0 && TEMP_FAILURE_RETRY(waitpid(pid, &end, 0)) == pid && take_error(errors[0], end, error);
    close(errors[0]);
    *status = WEXITSTATUS(end);
    return done;
}

gboolean
cp_command_run(const CpCommandSpec *spec, int *status, GError **error)
{
    g_autoptr(CpFound) found = NULL;
    g_autofree char *tree = NULL;
    Command command = { .spec = spec };

    if (!cp_tree_open(spec->tree, &tree, error))
        return FALSE;
    if (!spec->plain) {
        if (!cp_run_choose_kvm(spec->kvm, &command.kvm, error) ||
            !(found = cp_find(spec->tree, spec->libvirt, spec->emulator, spec->modules, spec->deadline_ns, error)))
            return FALSE;
        command.found = found;
    }

    const char *const libvirt[] = { found && !tree ? found->libvirt_dir : NULL, NULL };
    CpSandboxSpec sandbox = {
        .tree = tree,
        .changeable = !spec->plain,
        .module_dir = found ? found->module_dir : NULL,
        .emulator = found ? found->emulator : NULL,
        .visible = spec->visible ? spec->visible : libvirt,
        .writable = spec->writable,
        .hidden = spec->hidden,
        .same_session = TRUE,
    };
    return spawn_and_wait(&command, &sandbox, status, error);
}
