/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single mounts of a sandbox, and lists of them that are made again elsewhere. Runs in the sandbox's init. */
#include "run/sandbox/mounting.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/sandbox.h"

/* From sys/mount.h, which older C libraries do not allow together with linux/mount.h. */
extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
#define MOUNT_PRIVATE_ALL (1ul << 18 | 1ul << 14) /* MS_PRIVATE | MS_REC */

gboolean
cp_mounting_refuse(GError **error, const char *what, const char *path)
{
    return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "sandbox: cannot %s %s", what, path);
}

int
cp_mounting_clone(const char *path, gboolean all)
{
    return syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (all ? AT_RECURSIVE : 0));
}

gboolean
cp_mounting_place(int tree, const char *target, GError **error)
{
    gboolean placed = syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
    int number = errno;
    close(tree);
    errno = number;
    return placed || cp_mounting_refuse(error, "mount on", target);
}

gboolean
cp_sandbox_bind(const char *source, const char *target, GError **error)
{
    int tree = cp_mounting_clone(source, TRUE);
    return tree < 0 ? cp_mounting_refuse(error, "clone the mount of", source) : cp_mounting_place(tree, target, error);
}

gboolean
cp_mounting_tmpfs(const char *target, unsigned long flags, GError **error)
{
    return mount("capprobe", target, "tmpfs", flags, "mode=755," CP_MOUNTING_SIZE) == 0 ||
           cp_mounting_refuse(error, "mount a tmpfs on", target);
}

gboolean
cp_mounting_make_folder(const char *path, GError **error)
{
    return mkdir(path, 0755) == 0 || cp_mounting_refuse(error, "make", path);
}

gboolean
cp_mounting_make_empty_file(const char *path, GError **error)
{
    return g_file_set_contents(path, "", 0, error);
}

gboolean
cp_mounting_set_read_only(int folder, const char *path, unsigned flags, GError **error)
{
    struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
    return syscall(SYS_mount_setattr, folder, path, flags | AT_RECURSIVE, &attr, sizeof(attr)) == 0 ||
           cp_mounting_refuse(error, "make mounts read-only (this needs Linux 5.12):", *path ? path : "/proc");
}

gboolean
cp_mounting_make_private(GError **error)
{
    return mount(NULL, "/", NULL, MOUNT_PRIVATE_ALL, NULL) == 0 ||
           cp_mounting_refuse(error, "make private the mounts below", "/");
}

/* --- lists --- */

static void
kept_clear(gpointer data)
{
    CpKept *kept = data;
    if (kept->tree >= 0)
        close(kept->tree);
    g_free(kept->path);
}

GArray *
cp_kept_new(void)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(CpKept));
    g_array_set_clear_func(all, kept_clear);
    return all;
}

gboolean
cp_kept_add_one(GArray *all, const char *path)
{
    CpKept kept = { .tree = cp_mounting_clone(path, TRUE) };
    if (kept.tree < 0)
        return FALSE;
    kept.path = g_strdup(path);
    g_array_append_val(all, kept);
    return fstat(kept.tree, &g_array_index(all, CpKept, all->len - 1).st) == 0;
}

gboolean
cp_kept_add(GArray *all, const char *const *paths, GError **error)
{
    for (; paths && *paths; paths++) {
        if (!cp_kept_add_one(all, *paths))
            return cp_mounting_refuse(error, "clone the mount of", *paths);
    }
    return TRUE;
}

gboolean
cp_kept_is_same(const CpKept *kept)
{
    struct stat st;
    return stat(kept->path, &st) == 0 && st.st_dev == kept->st.st_dev && st.st_ino == kept->st.st_ino;
}

gboolean
cp_kept_exists(const CpKept *kept)
{
    return g_file_test(kept->path, G_FILE_TEST_EXISTS);
}

static gboolean
make_mount_point(const CpKept *kept, GError **error)
{
    gboolean folder = S_ISDIR(kept->st.st_mode);
    g_autofree char *parents = folder ? g_strdup(kept->path) : g_path_get_dirname(kept->path);
    if (g_mkdir_with_parents(parents, 0755) < 0)
        return cp_mounting_refuse(error, "make", parents);
    return folder || g_file_test(kept->path, G_FILE_TEST_EXISTS) || cp_mounting_make_empty_file(kept->path, error);
}

gboolean
cp_kept_place(GArray *all, CpKeptIsThere *is_there, GError **error)
{
    for (guint i = 0; i < all->len; i++) {
        CpKept *kept = &g_array_index(all, CpKept, i);
        if (is_there && is_there(kept))
            continue;
        int tree = kept->tree;
        if (!make_mount_point(kept, error))
            return FALSE;
        kept->tree = -1;
        if (!cp_mounting_place(tree, kept->path, error))
            return FALSE;
    }
    return TRUE;
}
