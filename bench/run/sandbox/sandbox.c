/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a sandbox: its namespaces, its user, its end. The caller's half and the init's half are marked so. */
#include "run/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/process-end.h"
#include "run/sandbox/mounts.h"
#include "run/sandbox/raw-clone.h"

/* --- in the init and its children --- */

/*
 * Closes the descriptors that capprobe was started with, so that nothing in the sandbox can reach them. They are those
 * that exec() left open; ours are all closed on exec.
 */
static void
close_inherited_fds(void)
{
    g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        int fd = atoi(name);
        int flags = fcntl(fd, F_GETFD);
        if (fd > STDERR_FILENO && flags >= 0 && !(flags & FD_CLOEXEC))
            g_array_append_val(fds, fd);
    }
    for (guint i = 0; i < fds->len; i++)
        close(g_array_index(fds, int, i));
}

/* The init handles no signal of its own; what is ignored stays ignored. */
static void
reset_handlers(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct sigaction action;
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            signal(numbers[i], SIG_DFL);
    }
}

/*
 * The init and its parent talk over a pair of sockets. The init sends "d" once it dies with its parent; the parent
 * answers "m" once the user is mapped; the init then sends why it could not make the mounts, or closes its end. The
 * parent must wait for "d": until then, killing the parent would leave the init behind.
 */
static void
run_init(const CpSandboxSpec *spec, int parent, void (*body)(gpointer data), gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_get_current_dir();
    char go;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_handlers();
    close_inherited_fds();
    if (send(parent, "d", 1, MSG_NOSIGNAL) != 1 || recv(parent, &go, 1, 0) != 1)
        return;
    if (!spec->same_session)
        setsid();

    if (!cp_sandbox_mount(spec, &error)) {
        send(parent, error->message, strlen(error->message), MSG_NOSIGNAL);
        return;
    }
    /* The folder may have been covered, or be mounted anew. */
    if (chdir(folder) < 0 && chdir("/") < 0)
        return;
    close(parent);
    body(data);
}

GStrv
cp_sandbox_environment(GStrv env)
{
    static const char *const folders[] = { "HOME", "TMPDIR", "XDG_RUNTIME_DIR" };
    static const char *const below_home[] = { "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME" };
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        env = g_environ_setenv(env, folders[i], CP_SANDBOX_TMP, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(below_home); i++)
        env = g_environ_unsetenv(env, below_home[i]);
    return env;
}

static gboolean
is_among(int number, const int *numbers, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (numbers[i] == number)
            return TRUE;
    }
    return FALSE;
}

static void
confine(int last_fd, const int *kept, gsize n_kept)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    syscall(SYS_close_range, (unsigned)last_fd + 1, ~0u, 0u);
    /* No file's setuid bit or capabilities give back what is taken here. setuid() by root is not affected. */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    /* An ordinary user has none after exec(), and may not drop them. */
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (!is_among(capability, kept, n_kept))
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
}

/* What each capability is for: SECURITY.md. */
#define TO_PROBE CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP

void
cp_sandbox_confine(int last_fd)
{
    static const int kept[] = { TO_PROBE };
    confine(last_fd, kept, G_N_ELEMENTS(kept));
}

void
cp_sandbox_confine_administrator(int last_fd)
{
    static const int kept[] = { TO_PROBE, CAP_FSETID, CAP_SETFCAP, CAP_SYS_CHROOT };
    confine(last_fd, kept, G_N_ELEMENTS(kept));
}

/* --- in the caller --- */

static gboolean
write_map(pid_t pid, const char *file, const char *text, GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    gboolean written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int number = errno;
    if (fd >= 0)
        close(fd);
    return written || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "sandbox: cannot write %s", path);
}

/* The user ID stays the same in the user namespace: as user 0 libvirt would believe that it is privileged. */
static gboolean
map_user(pid_t pid, GError **error)
{
    g_autofree char *users = g_strdup_printf("%d %d 1", (int)geteuid(), (int)geteuid());
    g_autofree char *groups = g_strdup_printf("%d %d 1", (int)getegid(), (int)getegid());
    return write_map(pid, "setgroups", "deny", error) && write_map(pid, "uid_map", users, error) &&
           write_map(pid, "gid_map", groups, error);
}

/* Waits until the init has made its mounts. */
static gboolean
await_init(pid_t pid, int child, GError **error)
{
    char message[1024];

    if (TEMP_FAILURE_RETRY(recv(child, message, 1, 0)) != 1)
        return cp_error_set_errno(error, CP_ERROR_FAILED, ECHILD, "sandbox: its process ended at once");
    if (geteuid() != 0 && !map_user(pid, error))
        return FALSE;
    send(child, "m", 1, MSG_NOSIGNAL);

    ssize_t n = TEMP_FAILURE_RETRY(recv(child, message, sizeof(message), 0));
    if (n > 0)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%.*s; 'capprobe doctor' says what this host lacks", (int)n,
                    message);
    return n <= 0;
}

/* libvirt runs emulators as another user; without CAP_KILL root could not end them, and a probe would never be over. */
static gboolean
can_kill_emulators(GError **error)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    if (geteuid() != 0 || syscall(SYS_capget, &header, data) < 0 || (data[0].effective & CAP_TO_MASK(CAP_KILL)))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "root lacks CAP_KILL here, so libvirt cannot end its emulators; expected root with CAP_KILL, or an "
                "ordinary user");
    return FALSE;
}

/* In a sandbox nobody has the capabilities to make another, so that commands cannot leave it. */
static gboolean
is_outside(GError **error)
{
    if (access(CP_SANDBOX_TMP, F_OK) < 0)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "this is a sandbox of capprobe, in which there cannot be another: run this command outside");
    return FALSE;
}

pid_t
cp_sandbox_spawn(const CpSandboxSpec *spec, void (*body)(gpointer data), gpointer data, GError **error)
{
    unsigned long namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    int pair[2];

    if (!is_outside(error) || (spec->emulator && !can_kill_emulators(error)))
        return -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "sandbox: cannot make a pair of sockets");
        return -1;
    }

    pid_t pid = cp_raw_clone(namespaces | (geteuid() != 0 ? CLONE_NEWUSER : 0) | SIGCHLD);
    if (pid == 0) {
        /* With this end open here, the init would wait for a caller that is dead. */
        close(pair[0]);
        run_init(spec, pair[1], body, data);
        cp_process_end(0);
    }

    if (pid < 0)
        cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno,
                           "this host does not allow namespaces; 'capprobe doctor' says what to do");
    close(pair[1]);
    gboolean ready = pid > 0 && await_init(pid, pair[0], error);
    close(pair[0]);
    if (!ready && pid > 0) {
        kill(pid, SIGKILL);
        TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
    }
    return ready ? pid : -1;
}
