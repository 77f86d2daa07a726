/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mounts of a sandbox. Runs in the sandbox's init. */
#include "run/sandbox/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"

/* From sys/mount.h, which older C libraries do not allow together with linux/mount.h. */
extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
#define MOUNT_PRIVATE_ALL (1ul << 18 | 1ul << 14) /* MS_PRIVATE | MS_REC */
#define MOUNT_READ_ONLY 1ul                       /* MS_RDONLY */

/* Where a build for coverage saves its counts, which stays writable. Defined by meson if there is such a build. */
#ifndef CP_COVERAGE_FOLDER
#define CP_COVERAGE_FOLDER NULL
#endif

/* A path that is mounted again after the host was covered. */
typedef struct {
    const char *path;
    int tree;       /* a detached clone of what is mounted there */
    struct stat st; /* which file or folder it is */
} Kept;

static gboolean
refuse(GError **error, const char *what, const char *path)
{
    return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot %s %s", what, path);
}

/* Returns a detached clone of what is mounted at `path` and below it, or -1. */
static int
clone_tree(const char *path)
{
    return syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

/* Mounts a detached clone on `target` and closes it. */
static gboolean
place_tree(int tree, const char *target, GError **error)
{
    gboolean placed = syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
    int number = errno;
    close(tree);
    errno = number;
    return placed || refuse(error, "mount on", target);
}

gboolean
cp_sandbox_bind(const char *source, const char *target, GError **error)
{
    int tree = clone_tree(source);
    return tree < 0 ? refuse(error, "clone the mount of", source) : place_tree(tree, target, error);
}

static gboolean
mount_tmpfs(const char *target, unsigned long flags, GError **error)
{
    return mount("capprobe", target, "tmpfs", flags, "mode=755") == 0 || refuse(error, "mount a tmpfs on", target);
}

static gboolean
make_folder(const char *path, GError **error)
{
    return mkdir(path, 0755) == 0 || refuse(error, "make", path);
}

static gboolean
make_empty_file(const char *path, GError **error)
{
    return g_file_set_contents(path, "", 0, error);
}

/* --- what stays visible or writable --- */

static void
kept_clear(gpointer data)
{
    Kept *kept = data;
    if (kept->tree >= 0)
        close(kept->tree);
}

/* Clones what is mounted at each path. */
static gboolean
keep_paths(GArray *all, const char *const *paths, GError **error)
{
    for (; paths && *paths; paths++) {
        Kept kept = { .path = *paths, .tree = clone_tree(*paths) };
        if (kept.tree < 0)
            return refuse(error, "clone the mount of", *paths);
        g_array_append_val(all, kept);
        if (fstat(kept.tree, &g_array_index(all, Kept, all->len - 1).st) < 0)
            return refuse(error, "read the status of", *paths);
    }
    return TRUE;
}

/* Whether the path still leads to the same file. */
static gboolean
is_visible(const Kept *kept)
{
    struct stat st;
    return stat(kept->path, &st) == 0 && st.st_dev == kept->st.st_dev && st.st_ino == kept->st.st_ino;
}

static gboolean
make_mount_point(const Kept *kept, GError **error)
{
    gboolean folder = S_ISDIR(kept->st.st_mode);
    g_autofree char *parents = folder ? g_strdup(kept->path) : g_path_get_dirname(kept->path);
    if (g_mkdir_with_parents(parents, 0755) < 0)
        return refuse(error, "make", parents);
    return folder || g_file_test(kept->path, G_FILE_TEST_EXISTS) || make_empty_file(kept->path, error);
}

static gboolean
place_kept(GArray *all, gboolean only_if_hidden, GError **error)
{
    for (guint i = 0; i < all->len; i++) {
        Kept *kept = &g_array_index(all, Kept, i);
        if (only_if_hidden && is_visible(kept))
            continue;
        int tree = kept->tree;
        if (!make_mount_point(kept, error))
            return FALSE;
        kept->tree = -1;
        if (!place_tree(tree, kept->path, error))
            return FALSE;
    }
    return TRUE;
}

/* --- the host --- */

static gboolean
make_host_private(GError **error)
{
    return mount(NULL, "/", NULL, MOUNT_PRIVATE_ALL, NULL) == 0 || refuse(error, "make private the mounts below", "/");
}

static gboolean
set_read_only(int folder, const char *path, unsigned flags, GError **error)
{
    struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
    return syscall(SYS_mount_setattr, folder, path, flags | AT_RECURSIVE, &attr, sizeof(attr)) == 0 ||
           refuse(error, "make mounts read-only (this needs Linux 5.12):", *path ? path : "/proc");
}

/* A /proc of the private PID namespace. What root could use to change the kernel's settings is read-only. */
static gboolean
set_up_proc(GError **error)
{
    static const char *const settings[] = { "/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus" };

    if (mount("capprobe", "/proc", "proc", 0, NULL) < 0)
        return refuse(error, "mount a proc on", "/proc");
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        int tree = clone_tree(settings[i]);
        if (tree < 0 && errno == ENOENT)
            continue;
        if (tree < 0)
            return refuse(error, "clone the mount of", settings[i]);
        if (!set_read_only(tree, "", AT_EMPTY_PATH, error)) {
            close(tree);
            return FALSE;
        }
        if (!place_tree(tree, settings[i], error))
            return FALSE;
    }
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
    if (!mount_tmpfs("/dev", 0, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *path = g_build_filename("/dev", nodes[i], NULL);
        if (trees[i] >= 0 && (!make_empty_file(path, error) || !place_tree(trees[i], path, error)))
            return FALSE;
    }
    if (mkdir("/dev/shm", 0755) < 0 || chmod("/dev/shm", 01777) < 0 || symlink("/proc/self/fd", "/dev/fd") < 0)
        return refuse(error, "fill", "/dev");
    return kvm < 0 || (make_empty_file(CP_SANDBOX_HOST_KVM, error) && place_tree(kvm, CP_SANDBOX_HOST_KVM, error));
}

/* --- the module directory and its parent --- */

/* Copies one module. If this user cannot read it, the copy is empty and cannot be read either. */
static gboolean
copy_module(const char *from, const char *to, mode_t mode, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *content = NULL;
    gsize length = 0;

    if (!g_file_get_contents(from, &content, &length, &cause)) {
        if (!g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
        mode = 0;
    }
    return g_file_set_contents_full(to, content ? content : "", length, G_FILE_SET_CONTENTS_NONE, mode & 0777, error);
}

/* Copies the host's modules while links out of the module directory, and the directory's own, still lead to them. */
static gboolean
copy_modules(const char *module_dir, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(module_dir, 0, NULL);
    if (!dir)
        return TRUE;
    if (!make_folder(CP_SANDBOX_HOST_MODULES, error))
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *from = g_build_filename(module_dir, name, NULL);
        g_autofree char *to = g_build_filename(CP_SANDBOX_HOST_MODULES, name, NULL);
        struct stat st;
        if (stat(from, &st) == 0 && S_ISREG(st.st_mode) && !copy_module(from, to, st.st_mode, error))
            return FALSE;
    }
    return TRUE;
}

/* Makes `name` available in `target` as it is in `source`: a folder by a mount, a link by the same link, any other file
 * by a link to it. */
static gboolean
mirror_entry(const char *source, const char *target, const char *name, GError **error)
{
    g_autofree char *from = g_build_filename(source, name, NULL);
    g_autofree char *to = g_build_filename(target, name, NULL);
    struct stat st;

    if (lstat(from, &st) < 0)
        return TRUE;
    if (S_ISDIR(st.st_mode))
        return make_folder(to, error) && cp_sandbox_bind(from, to, error);

    g_autofree char *link = S_ISLNK(st.st_mode) ? g_file_read_link(from, error) : g_strdup(from);
    return link && (symlink(link, to) == 0 || refuse(error, "make the link", to));
}

/* Returns the nearest folder above `path` that exists. `*below` becomes the path's next component below that folder. */
static char *
nearest_folder(const char *path, char **below)
{
    char *folder = g_path_get_dirname(path);
    *below = g_path_get_basename(path);
    while (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_free(*below);
        *below = g_path_get_basename(folder);
        char *upper = g_path_get_dirname(folder);
        g_free(folder);
        folder = upper;
    }
    return folder;
}

/*
 * Covers the module directory's parent with a tmpfs that has everything else that was in it. If the parent does not
 * exist (a libvirt built for another prefix), the nearest folder above it is covered.
 */
static gboolean
set_up_module_parent(const char *module_dir, GError **error)
{
    static const char mirror[] = CP_SANDBOX_DIR "/host-parent";
    g_autofree char *left_out = NULL;
    g_autofree char *parent = nearest_folder(module_dir, &left_out);

    if (g_str_equal(parent, "/") || g_str_equal(parent, "/run") || g_str_has_prefix(parent, "/run/")) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "sandbox: cannot make %s private: expected a module directory below a folder other than / and /run",
                    module_dir);
        return FALSE;
    }
    if (!make_folder(mirror, error) || !cp_sandbox_bind(parent, mirror, error) || !mount_tmpfs(parent, 0, error))
        return FALSE;

    g_autoptr(GDir) dir = g_dir_open(mirror, 0, error);
    if (!dir)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_equal(name, left_out) && !mirror_entry(mirror, parent, name, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
set_up_emulator(const char *emulator, GError **error)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(emulator, FALSE, error);
    return file && make_empty_file(CP_SANDBOX_HOST_EMULATOR, error) &&
           cp_sandbox_bind(emulator, CP_SANDBOX_HOST_EMULATOR, error) &&
           g_file_set_contents_full(CP_SANDBOX_EMULATOR, g_mapped_file_get_contents(file),
                                    g_mapped_file_get_length(file), G_FILE_SET_CONTENTS_NONE, 0755, error) &&
           cp_sandbox_bind(CP_SANDBOX_EMULATOR, emulator, error);
}

static gboolean
set_up_run(GError **error)
{
    return mount_tmpfs("/run", 0, error) && make_folder(CP_SANDBOX_DIR, error) && make_folder(CP_SANDBOX_TMP, error) &&
           (chmod(CP_SANDBOX_TMP, 01777) == 0 || refuse(error, "change the mode of", CP_SANDBOX_TMP));
}

static gboolean
cover_folders(const char *const *folders, unsigned long flags, GError **error)
{
    for (; folders && *folders; folders++) {
        if (g_file_test(*folders, G_FILE_TEST_IS_DIR) && !mount_tmpfs(*folders, flags, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_sandbox_mount(const CpSandboxSpec *spec, GError **error)
{
    static const char *const libvirt_folders[] = { "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt", NULL };
    static const char *const coverage[] = { CP_COVERAGE_FOLDER, NULL };
    const char *const emulator[] = { spec->emulator, NULL };
    g_autoptr(GArray) writable = g_array_new(FALSE, TRUE, sizeof(Kept));
    g_autoptr(GArray) visible = g_array_new(FALSE, TRUE, sizeof(Kept));
    g_array_set_clear_func(writable, kept_clear);
    g_array_set_clear_func(visible, kept_clear);

    umask(022);
    return make_host_private(error) && keep_paths(writable, spec->writable, error) &&
           keep_paths(writable, coverage, error) && set_read_only(AT_FDCWD, "/", 0, error) &&
           keep_paths(visible, spec->visible, error) && keep_paths(visible, emulator, error) && set_up_run(error) &&
           (!spec->module_dir || copy_modules(spec->module_dir, error)) && set_up_proc(error) &&
           cover_folders(libvirt_folders, 0, error) && set_up_dev(error) &&
           (!spec->module_dir || set_up_module_parent(spec->module_dir, error)) && place_kept(visible, TRUE, error) &&
           (!spec->emulator || set_up_emulator(spec->emulator, error)) && place_kept(writable, FALSE, error) &&
           cover_folders(spec->hidden, MOUNT_READ_ONLY, error);
}
