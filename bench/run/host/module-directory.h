/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The private module directory: it is filled from the real host's, and its times are kept. Runs in the sandbox's init.
 *
 * A copy has the names, modes, contents and links of the real directory. Links are kept as they are: the private
 * directory has the path of the real one, so they lead to the same files. A file that this user cannot read becomes an
 * empty space of the same size that cannot be opened either (mode 000): to QEMU, which runs as the same user, both are
 * the same. What is neither a file nor a link is left out, since QEMU loads no modules from it.
 */
#pragma once

#include "run/host/host.h"

/** The path of a module's file. The caller owns it. */
char *cp_module_path(const CpHost *host, const char *module);

/** Whether steps may change `module`: they cannot if its real file cannot be read (CP_ERROR_UNTESTABLE). */
gboolean cp_module_check_readable(const CpHost *host, const char *module, GError **error);

/** Puts the module's file in place as the real host has it, or with the content `bytes` if that is not NULL. The file
 * is written under another name and renamed, as package managers do. */
gboolean cp_module_put(CpHost *host, const char *module, GBytes *bytes, GError **error);

/** Makes the directory what it was at first, and its time the first of `clock step`. */
gboolean cp_module_dir_reset(CpHost *host, GError **error);

/** Makes `prepared_dir`, a directory with all modules, unless it exists. */
gboolean cp_module_dir_prepare(CpHost *host, GError **error);

/** Puts the directory back in place if it was renamed, and everything in it that differs from the real host's. If
 * nothing differs, nothing is touched. */
gboolean cp_module_dir_restore(CpHost *host, GError **error);

/** Gives the directory the time `clock_s`. A directory that does not exist is left alone. */
gboolean cp_module_dir_set_time(const CpHost *host, GError **error);

/** Remembers the directory as it is before an operation. If it does not exist, the memory stays as it was: a directory
 * that goes and comes back is the same. */
void cp_module_dir_note(CpHost *host);

/** Under `clock step`: gives the directory the next second if it is another than the noted one. */
gboolean cp_module_dir_advance_time(CpHost *host, GError **error);

/** Access and modification time of the directory. */
typedef struct {
    gboolean exists;
    struct timespec times[2];
} CpModuleDirTimes;

gboolean cp_module_dir_save_times(const CpHost *host, CpModuleDirTimes *times, GError **error);

/** Sets the times that were saved. A directory that did not or does not exist is left alone. */
gboolean cp_module_dir_restore_times(const CpHost *host, const CpModuleDirTimes *times, GError **error);
