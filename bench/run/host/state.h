/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of the private host: everything that libvirt's answers depend on, as a digest. Runs in the sandbox's init. */
#pragma once

#include "run/host/host.h"

/**
 * The digest of the present state. It covers the module files (names, types, link targets, modes, contents), the
 * content of the emulator and who may execute it, the device nodes of KVM (with owners and ACLs), the replaced facts of the host and the arguments of the query, but no times. The caller owns it.
 */
char *cp_host_state(CpHost *host);

/** What cp_state_content() says of a file that cannot be read. */
#define CP_STATE_UNREADABLE "unreadable"

/**
 * The digest of the content of the regular file `path`, whose stat() is `st`. It is computed once per file and then
 * remembered by device and inode. Only operations change files in the sandbox, so they must say so: whoever
 * writes to a file or removes it calls cp_state_forget_content() first. After a command, which can change any file, only the
 * digests of files that are still the tree's are used. No time stamp is ever looked at.
 */
const char *cp_state_content(CpHost *host, const char *path, const struct stat *st);

/** Remembers the digest of a file whose content is known because it was just written. */
void cp_state_remember_content(CpHost *host, const struct stat *st, const char *digest);

/** Forgets the digest of the file that `path` leads to, if there is one. */
void cp_state_forget_content(CpHost *host, const char *path);
