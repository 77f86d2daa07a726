/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How processes with the libvirt under test are started. Runs in the sandbox's init; what its child does is marked so. */
#include "run/libvirt/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process-end.h"
#include "run/libvirt/library-path.h"
#include "run/sandbox/sandbox.h"

/* Where libvirt's modules are, beside its drivers. */
static const struct {
    const char *variable, *folder;
} modules[] = {
    { "LIBVIRT_STORAGE_BACKEND_DIR", "storage-backend" },
    { "LIBVIRT_STORAGE_FILE_DIR", "storage-file" },
    { "LIBVIRT_LOCK_MANAGER_PLUGIN_DIR", "lock-driver" },
};

/* Lets libvirt take its drivers from `drivers`, and its other modules from beside it: a daemon does not start with those of another
 * version. */
static GStrv
set_drivers(GStrv env, const char *drivers)
{
    g_autofree char *parent = g_path_get_dirname(drivers);
    for (gsize i = 0; i < G_N_ELEMENTS(modules); i++) {
        g_autofree char *folder = g_build_filename(parent, modules[i].folder, NULL);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            env = g_environ_setenv(env, modules[i].variable, folder, TRUE);
    }
    return g_environ_setenv(env, "LIBVIRT_DRIVER_DIR", drivers, TRUE);
}

GStrv
cp_process_environment(const CpConnectionSpec *spec, const CpTarget *target, const char *root)
{
    static const char *const kept[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" };
    g_auto(GStrv) env = g_new0(char *, 1);

    env = g_environ_setenv(env, "PATH", CP_SANDBOX_PATH, TRUE);
    env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
    /* A client must not start a daemon by itself: nobody would know how it ends. */
    env = g_environ_setenv(env, "LIBVIRT_AUTOSTART", "0", TRUE);
    env = cp_library_path_set(cp_sandbox_environment(g_steal_pointer(&env)), spec->libvirt);
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (g_getenv(kept[i]))
            env = g_environ_setenv(env, kept[i], g_getenv(kept[i]), TRUE);
    }
    if (spec->drivers)
        env = set_drivers(g_steal_pointer(&env), spec->drivers);
    if (spec->log_filter) {
        env = g_environ_setenv(env, "LIBVIRT_LOG_FILTERS", spec->log_filter, TRUE);
        env = g_environ_setenv(env, "LIBVIRT_LOG_OUTPUTS", "1:stderr", TRUE);
    }
    return target->environment ? target->environment(g_steal_pointer(&env), root) : g_steal_pointer(&env);
}

/* --- in the child --- */

static gboolean
become_user(const CpTarget *target)
{
    gid_t group = CP_TARGET_USER;
    return !target->unprivileged || geteuid() != 0 ||
           (setgroups(1, &group) == 0 && setresgid(group, group, group) == 0 &&
            setresuid(CP_TARGET_USER, CP_TARGET_USER, CP_TARGET_USER) == 0);
}

void
cp_process_become(const CpTarget *target, const char *const *argv, char **env, int error_fd, int socket_fd, int kept_fd)
{
    int last_fd = socket_fd >= 0 ? kept_fd : STDERR_FILENO;
    /* Move both away from the numbers that they may overwrite. */
    int socket_copy = socket_fd >= 0 ? fcntl(socket_fd, F_DUPFD, last_fd + 1) : -1;
    int error_copy = fcntl(error_fd, F_DUPFD, last_fd + 1);
    int null = open("/dev/null", O_RDWR);
    if (dup2(null, STDIN_FILENO) == STDIN_FILENO && dup2(null, STDOUT_FILENO) == STDOUT_FILENO &&
        dup2(error_copy, STDERR_FILENO) == STDERR_FILENO && (socket_fd < 0 || dup2(socket_copy, kept_fd) == kept_fd)) {
        cp_sandbox_confine(last_fd);
        if (become_user(target))
            execve(argv[0], (char **)argv, env);
    }
    cp_process_end(127);
}

/* --- in the init --- */

pid_t
cp_process_fork(CpInstructions *instructions)
{
    int gate[2];
    char unused;
    if (pipe2(gate, O_CLOEXEC) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        close(gate[1]);
        /* The gate opens when its other end is closed. */
        while (read(gate[0], &unused, 1) < 0 && errno == EINTR)
            ;
        return 0;
    }
    int number = errno;
    close(gate[0]);
    if (pid > 0)
        g_free(cp_instructions_begin(instructions, pid));
    close(gate[1]);
    errno = number;
    return pid;
}

char *
cp_process_describe_end(const char *name, int status)
{
    if (WIFSIGNALED(status))
        return g_strdup_printf("%s died: %s", name, strsignal(WTERMSIG(status)));
    return g_strdup_printf("%s ended with status %d", name, WEXITSTATUS(status));
}
