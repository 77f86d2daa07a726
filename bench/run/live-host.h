/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live host, which is only looked at. Runs in the caller. */
#pragma once

#include "history/host-times.h"
#include "run/find.h"

/** How the host's daemon is reached. It owns its strings. */
typedef struct {
    char *uri;
    char *socket_dir;    /* the folder that has its socket; NULL if that does not exist */
    const char *service; /* the name of its service */
} CpDaemon;

/**
 * Finds out how the daemon at `uri` is reached; NULL for qemu:///system. CP_ERROR_USAGE if it is not the system's daemon of this host by its
 * UNIX socket: of another host, or of a user's own daemon, there is no truth here.
 */
gboolean cp_daemon_find(const char *uri, CpDaemon *daemon, GError **error);
void cp_daemon_clear(CpDaemon *daemon);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpDaemon, cp_daemon_clear)

/** Looks at what the truth about `emulator` depends on, and at what libvirt keeps on disk about it. The caller owns the result. */
CpHostTimes *cp_live_host_look(const CpFound *found, const char *emulator);

/** Finds a module of the directory that needs a library which is missing. `*module` and `*library` are NULL if there is none or if
 * that cannot be told; else the caller owns them. The loader that tells it runs in a sandbox. */
void cp_live_host_find_missing_library(const char *directory, char **module, char **library);

/** The canonical document in `times`; NULL if it cannot be read or is not XML. The caller owns it. */
char *cp_live_host_document(const CpHostTimes *times);
