/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The root file system of a sandbox: the host's, read-only, or an overlay over a tree. Runs in the sandbox's init.
 *
 * The overlay's lower layer is the tree, or the host's own root file system; its upper layer is on a tmpfs. So everything
 * in it can be changed, and nothing of the tree is. So can everything in /etc, /opt, /usr and /var of the host, even if one of
 * them is a file system of its own. Other file systems that are mounted below the host's root are mounted
 * on the overlay as they are, read-only.
 */
#pragma once

#include <glib.h>

typedef enum {
    CP_ROOT_HOST,    /* the host's, read-only */
    CP_ROOT_TREE,    /* a tree, read-only: an overlay cannot be made here */
    CP_ROOT_OVERLAY, /* an overlay over one of these */
} CpRoot;

typedef struct _CpRootPlan CpRootPlan;

/**
 * Opens the root file system: the folder `tree`, or the host's if that is NULL. To be called when all mounts are
 * read-only, and before any is covered. `changeable` asks for an overlay; only root gets one.
 */
CpRootPlan *cp_root_plan(const char *tree, gboolean changeable, GError **error);
void cp_root_plan_free(CpRootPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpRootPlan, cp_root_plan_free)

/**
 * Makes the planned root file system this process's own. What is mounted on /proc, /dev, /sys and /run is mounted there
 * as well, and if no tree was given, whatever else was mounted below the host's root. CP_SANDBOX_DIR must exist. If the kernel does
 * not allow an overlay, the root file system is read-only. `*root` tells what it became.
 */
gboolean cp_root_enter(CpRootPlan *plan, CpRoot *root, GError **error);

/** Returns which of /etc, /opt, /usr and /var `path` is in, if that is a file system of its own, else "". Overlayfs notes there
 * where a folder was before it was renamed, as a path within that file system. */
const char *cp_root_part(const char *path);

/** Covers the folders in which libvirt keeps what is its own, such as /var/lib/libvirt, with an empty tmpfs each. */
gboolean cp_root_cover_private_folders(GError **error);

/**
 * Replaces the overlay by a new one over the same tree, in which nothing is changed; for CP_ROOT_OVERLAY only. What is mounted on it
 * comes along, except that libvirt's own folders are empty again. No other process may be in the sandbox.
 */
gboolean cp_root_renew(GError **error);
