/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an ELF file says of itself. Nothing in it is executed. Runs in the caller. */
#pragma once

#include <glib.h>

/** The build id in hexadecimal, or "" if it has none. The caller owns it. */
char *cp_elf_build_id(const char *path);

/** The program that loads it, such as "/lib64/ld-linux-x86-64.so.2"; NULL if it names none. The caller owns it. */
char *cp_elf_loader(const char *path);

/** The kind of machine that it is for, such as "AMD x86-64, 64 bits"; NULL if it is not an ELF file. The caller owns it. */
char *cp_elf_machine(const char *path);

/** Whether all of a library that is loaded into memory is in its file: to read what is cut off would kill the process. FALSE if it is
 * not an ELF file. */
gboolean cp_elf_is_whole(const char *path);

/** The first absolute path in its read-only data that matches `pattern`, or NULL if no path does. The caller owns it. */
char *cp_elf_find_path(const char *path, const GRegex *pattern);
