/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The modules that emulators have opened since a read began. Runs in the sandbox's init.
 *
 * inotify tells that a file was opened, but not by whom. In the sandbox there are only two possibilities: an emulator,
 * or an operation of ours on that module. So events of a module during an operation on it are ignored, and
 * all events during a command of `run`.
 */
#pragma once

#include "run/host/host.h"

typedef struct {
    int fd;            /* inotify; readable when something was opened */
    GHashTable *names; /* of files opened so far */
} CpOpenedModules;

/** Begins to watch the module directory, and those that operations can put in its place if they exist already. */
CpOpenedModules *cp_opened_modules_new(const CpHost *host, GError **error);
void cp_opened_modules_free(CpOpenedModules *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpOpenedModules, cp_opened_modules_free)

/** Takes note of what was opened since the last call, except `ignored`, a module or NULL. */
void cp_opened_modules_update(CpOpenedModules *opened, const char *ignored);

/** Takes no notice of what was opened since the last call of either: nobody knows who it was. */
void cp_opened_modules_skip(CpOpenedModules *opened);

/** Whether `module` is noted. */
gboolean cp_opened_modules_has(const CpOpenedModules *opened, const char *module);
