/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single mounts of a sandbox, and lists of them that are made again elsewhere. Runs in the sandbox's init. */
#pragma once

#include <sys/stat.h>
#include <glib.h>

/** Sets `error` to "sandbox: cannot WHAT PATH", with errno's reason (CP_ERROR_UNTESTABLE). Always returns FALSE. */
gboolean cp_mounting_refuse(GError **error, const char *what, const char *path);

/** Returns a detached clone of what is mounted at `path`, with everything below it if `all`; or -1 with errno set. */
int cp_mounting_clone(const char *path, gboolean all);

/** Mounts a detached clone on `target` and closes it. */
gboolean cp_mounting_place(int tree, const char *target, GError **error);

/** How large each file system of a sandbox can become: a part of the machine's memory. With the kernel's own limit, a half, two
 * variants could fill the memory. */
#define CP_MOUNTING_SIZE "size=25%"

gboolean cp_mounting_tmpfs(const char *target, unsigned long flags, GError **error);
gboolean cp_mounting_make_folder(const char *path, GError **error);
gboolean cp_mounting_make_empty_file(const char *path, GError **error);

/** Makes the mount at `path` below the descriptor `folder`, and everything below it, read-only. `flags` are those of
 * mount_setattr(). */
gboolean cp_mounting_set_read_only(int folder, const char *path, unsigned flags, GError **error);

/** Keeps every mount of this namespace to itself: nothing is propagated to or from others. */
gboolean cp_mounting_make_private(GError **error);

/** A path that is mounted again after the host was covered. */
typedef struct {
    char *path;
    int tree;       /* a detached clone of what is mounted there */
    struct stat st; /* which file or folder it is */
} CpKept;

/** An empty list of CpKept, which closes the clones that were not placed. */
GArray *cp_kept_new(void);

/** Clones what is mounted at each path, which ends with NULL and may be NULL. */
gboolean cp_kept_add(GArray *all, const char *const *paths, GError **error);

/** The same for one path; FALSE with errno set if that cannot be done. */
gboolean cp_kept_add_one(GArray *all, const char *path);

/** Whether one of the paths that are not placed yet can be left out, since what is there is already the right thing. */
typedef gboolean CpKeptIsThere(const CpKept *kept);

/** The path still leads to the same file. */
gboolean cp_kept_is_same(const CpKept *kept);

/** There is something at the path. */
gboolean cp_kept_exists(const CpKept *kept);

/** Mounts each clone on its path, which is made if it does not exist, unless `is_there` (if not NULL) says that this is
 * not needed. */
gboolean cp_kept_place(GArray *all, CpKeptIsThere *is_there, GError **error);
