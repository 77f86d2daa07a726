/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

/* From sys/mount.h, which older C libraries do not let stand beside linux/mount.h. */
extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
#define MOUNT_PRIVATE_ALL (1ul << 18 | 1ul << 14) /* MS_PRIVATE | MS_REC */

/* A detached clone of what is mounted at `path`, with all below it; -1 where there is nothing. */
static int
clone_tree(const char *path)
{
    return syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

/* Mounts such a clone, and closes it. */
static gboolean
place_tree(int tree, const char *target, GError **error)
{
    int result = syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
    int number = errno;
    close(tree);
    return result == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "sandbox: cannot mount on %s", target);
}

gboolean
cp_sandbox_bind(const char *source, const char *target, GError **error)
{
    int tree = clone_tree(source);
    if (tree < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot clone the mount of %s", source);
    return place_tree(tree, target, error);
}

static gboolean
mount_tmpfs(const char *target, const char *options, GError **error)
{
    return mount("capprobe", target, "tmpfs", 0, options) == 0 ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot mount a tmpfs on %s", target);
}

static gboolean
make_host_read_only(GError **error)
{
    struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

    if (mount(NULL, "/", NULL, MOUNT_PRIVATE_ALL, NULL) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot make the mounts private");
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno,
                                  "sandbox: cannot make the host read-only (Linux 5.12 can)");
    return TRUE;
}

static gboolean
set_up_dev(GError **error)
{
    static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };
    int trees[G_N_ELEMENTS(nodes)];
    int kvm = clone_tree("/dev/kvm");

    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *path = g_build_filename("/dev", nodes[i], NULL);
        trees[i] = clone_tree(path);
    }
    if (!mount_tmpfs("/dev", "mode=755", error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *path = g_build_filename("/dev", nodes[i], NULL);
        if (trees[i] >= 0 && (!g_file_set_contents(path, "", 0, error) || !place_tree(trees[i], path, error)))
            return FALSE;
    }
    if (mkdir("/dev/shm", 01777) < 0 || symlink("/proc/self/fd", "/dev/fd") < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot fill /dev");
    return kvm < 0 ||
           (g_file_set_contents(CP_SANDBOX_HOST_KVM, "", 0, error) && place_tree(kvm, CP_SANDBOX_HOST_KVM, error));
}

/* Makes `name` in `target` what it is in `source`: a link to the file, the same link, or a mount of the folder. */
static gboolean
mirror_entry(const char *source, const char *target, const char *name, GError **error)
{
    g_autofree char *from = g_build_filename(source, name, NULL);
    g_autofree char *to = g_build_filename(target, name, NULL);
    struct stat st;

    if (lstat(from, &st) < 0)
        return TRUE;
    if (S_ISDIR(st.st_mode)) {
        if (mkdir(to, 0755) < 0)
            return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot make %s", to);
        return cp_sandbox_bind(from, to, error);
    }

    g_autofree char *link = S_ISLNK(st.st_mode) ? g_file_read_link(from, error) : g_strdup(from);
    return link && (symlink(link, to) == 0 ||
                    cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot link %s", to));
}

/*
 * Puts a tmpfs over the nearest folder above the module directory that the host has, filled with what was there. Where
 * the module directory's parent itself is missing (a libvirt built for another prefix), it is made.
 */
static gboolean
set_up_module_parent(const char *module_dir, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(module_dir);
    g_autofree char *name = g_path_get_basename(module_dir);
    g_autofree char *below = NULL;

    while (!g_file_test(parent, G_FILE_TEST_IS_DIR)) {
        g_autofree char *base = g_path_get_basename(parent);
        char *upper = g_path_get_dirname(parent);
        g_free(below);
        below = g_steal_pointer(&base);
        g_free(parent);
        parent = upper;
    }
    if (g_str_equal(parent, "/")) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "the module directory %s has no folder above it that a sandbox could cover", module_dir);
        return FALSE;
    }

    const char *mirror = CP_SANDBOX_DIR "/host-parent";
    if (mkdir(mirror, 0755) < 0 || !cp_sandbox_bind(parent, mirror, error) || !mount_tmpfs(parent, "mode=755", error))
        return FALSE;

    g_autoptr(GDir) dir = g_dir_open(mirror, 0, error);
    if (!dir)
        return FALSE;
    for (const char *entry; (entry = g_dir_read_name(dir));) {
        if (!g_str_equal(entry, below ? below : name) && !mirror_entry(mirror, parent, entry, error))
            return FALSE;
    }

    g_autofree char *host = g_build_filename(mirror, name, NULL);
    if (!below && g_file_test(host, G_FILE_TEST_IS_DIR)) {
        if (mkdir(CP_SANDBOX_HOST_MODULES, 0755) < 0 || !cp_sandbox_bind(host, CP_SANDBOX_HOST_MODULES, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
set_up_emulator(const char *emulator, GError **error)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(emulator, FALSE, error);
    return file && g_file_set_contents(CP_SANDBOX_HOST_EMULATOR, "", 0, error) &&
           cp_sandbox_bind(emulator, CP_SANDBOX_HOST_EMULATOR, error) &&
           g_file_set_contents_full(CP_SANDBOX_EMULATOR, g_mapped_file_get_contents(file),
                                    g_mapped_file_get_length(file), G_FILE_SET_CONTENTS_NONE, 0755, error) &&
           cp_sandbox_bind(CP_SANDBOX_EMULATOR, emulator, error);
}

static gboolean
set_up_mounts(const CpSandboxSpec *spec, GError **error)
{
    static const char *const libvirt_dirs[] = { "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt" };

    umask(022);
    if (!make_host_read_only(error) || !mount_tmpfs("/run", "mode=755", error))
        return FALSE;
    if (mkdir(CP_SANDBOX_DIR, 0755) < 0 || mkdir(CP_SANDBOX_DIR "/tmp", 0755) < 0 ||
        chmod(CP_SANDBOX_DIR "/tmp", 01777) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot make %s", CP_SANDBOX_DIR);
    if (mount("capprobe", "/proc", "proc", 0, NULL) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot mount a /proc of its own");
    for (gsize i = 0; i < G_N_ELEMENTS(libvirt_dirs); i++) {
        if (g_file_test(libvirt_dirs[i], G_FILE_TEST_IS_DIR) && !mount_tmpfs(libvirt_dirs[i], "mode=755", error))
            return FALSE;
    }
    return set_up_dev(error) && set_up_module_parent(spec->module_dir, error) && set_up_emulator(spec->emulator, error);
}

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

/* In the user namespace everybody stays who they are: libvirt takes uid 0 for privilege, whatever namespace it is in.
 */
static gboolean
map_user(pid_t pid, GError **error)
{
    g_autofree char *users = g_strdup_printf("%d %d 1", (int)geteuid(), (int)geteuid());
    g_autofree char *groups = g_strdup_printf("%d %d 1", (int)getegid(), (int)getegid());
    return write_map(pid, "setgroups", "deny", error) && write_map(pid, "uid_map", users, error) &&
           write_map(pid, "gid_map", groups, error);
}

/*
 * Parent and child talk over a pair of sockets: the child says that it will die with the parent, the parent that the user is
 * mapped, and the child why it could not set up the sandbox, or nothing. Were the parent to go ahead before the first of these, it
 * could be killed while the child does not follow it yet.
 */
static void
run_child(const CpSandboxSpec *spec, int parent, void (*body)(gpointer data), gpointer data)
{
    g_autoptr(GError) error = NULL;
    char go;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (send(parent, "d", 1, MSG_NOSIGNAL) != 1 || recv(parent, &go, 1, 0) != 1)
        return;
    setsid();

    if (!set_up_mounts(spec, &error)) {
        send(parent, error->message, strlen(error->message), MSG_NOSIGNAL);
        return;
    }
    close(parent);
    body(data);
}

/* The parent's part. Returns whether the sandbox is set up. */
static gboolean
lead_child(pid_t pid, int child, GError **error)
{
    char message[1024];

    if (recv(child, message, 1, 0) != 1)
        return cp_error_set_errno(error, CP_ERROR_FAILED, ECHILD, "sandbox: its process ended at once");
    if (geteuid() != 0 && !map_user(pid, error))
        return FALSE;
    send(child, "m", 1, MSG_NOSIGNAL);

    ssize_t n = recv(child, message, sizeof(message), 0);
    if (n > 0)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%.*s; 'capprobe doctor' says what this host lacks", (int)n,
                    message);
    return n <= 0;
}

pid_t
cp_sandbox_spawn(const CpSandboxSpec *spec, void (*body)(gpointer data), gpointer data, GError **error)
{
    unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "no socket for the sandbox");
        return -1;
    }

    pid_t pid = syscall(SYS_clone, flags | (geteuid() != 0 ? CLONE_NEWUSER : 0) | SIGCHLD, NULL, NULL, NULL, 0ul);
    if (pid == 0) {
        close(pair[0]);
        run_child(spec, pair[1], body, data);
        _exit(0);
    }

    if (pid < 0)
        cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno,
                           "this host does not allow namespaces; 'capprobe doctor' says what to do");
    close(pair[1]);
    gboolean ready = pid > 0 && lead_child(pid, pair[0], error);
    close(pair[0]);
    if (!ready && pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return ready ? pid : -1;
}
