/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree: the folder that is the root file system under test, as the caller sees it. Runs in the caller.
 *
 * Paths in a tree begin with '/', as they are for programs that run in it. Links are followed as there, so that none leads
 * out of the tree. Nothing of a tree is executed here.
 */
#pragma once

#include <glib.h>

/**
 * Opens the folder `dir`. `*tree` becomes its absolute path, without links, or NULL if it is the host's own root or if `dir` is
 * NULL; the caller owns it. CP_ERROR_USAGE if it is not a folder.
 */
gboolean cp_tree_open(const char *dir, char **tree, GError **error);

/** The host's path of `path`, which is a path in `tree`, with all links followed; NULL if it does not exist. If `tree` is
 * NULL, a copy of `path`, whether it exists or not. The caller owns it. */
char *cp_tree_path(const char *tree, const char *path);

/** As realpath(), for a path in the tree. The caller owns it. */
char *cp_tree_real_path(const char *tree, const char *path);

/** As g_file_test(), for a path in the tree. */
gboolean cp_tree_test(const char *tree, const char *path, GFileTest test);

/** As g_find_program_in_path(), for a program in the tree; the caller owns it. `tree` may be NULL. */
char *cp_tree_find_program(const char *tree, const char *name);

/**
 * Checks that `client`, a program of the host that is linked with libvirt, can run in the tree: that it has a loader for
 * programs, and a libvirt, which is in its folder `libvirt` if that is not NULL, for the same kind of machine.
 * CP_ERROR_UNTESTABLE if not. Nothing is checked if `tree` is NULL.
 */
gboolean cp_tree_check(const char *tree, const char *client, const char *libvirt, GError **error);
