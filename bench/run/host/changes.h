/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is changed of the root file system: the difference between the overlay and the tree below it. Runs in the sandbox's
 * init.
 *
 * The overlay's upper layer has a copy of everything that was touched, and marks for what was removed. What of it is not as
 * in the tree is a change: its path, type, mode, owner, link target, content and extended attributes, but never its times. So
 * is everything that commands have put into the file systems that are the sandbox's own, such as /run and that of temporary files.
 * Not a change is what libvirt and QEMU do not read: databases, caches and logs of programs that install software, unless
 * there is a library or a program among them; and what the state describes anyway: the module directory and the emulator.
 */
#pragma once

#include "run/host/host.h"

/** Whether `path` is a file or folder that libvirt and QEMU do not read, so that what happens there is not a change, unless it
 * is a library or a program. */
gboolean cp_changes_are_ignored(const char *path);

/** Whether the file that `path` leads to is the tree's own, with the content that it has there: a command that writes to it
 * gets a copy in the upper layer. */
gboolean cp_changes_is_of_tree(const char *path);

/** Whether a file in the upper layer of the overlay is only the mark that the tree's file of this name was removed. */
gboolean cp_changes_is_removal(const struct stat *st);

/** Whether everything in the root file system can be changed. */
gboolean cp_changes_are_possible(void);

/**
 * Appends the changes to `text`, as one line with a digest. Without any change, nothing is appended. The digest is computed
 * once and then remembered until cp_changes_note_command().
 */
void cp_changes_describe(CpHost *host, GString *text);

/** To be called when a command may have changed any file. */
void cp_changes_note_command(CpHost *host);

/** Undoes the changes, if a command may have made some. Nothing else may run in the sandbox. */
gboolean cp_changes_reset(CpHost *host, GError **error);
