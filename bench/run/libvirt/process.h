/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How processes with the libvirt under test are started: clients and daemons alike. Used in the sandbox's init. */
#pragma once

#include <glib.h>

#include "run/libvirt/target.h"
#include "run/sandbox/instructions.h"

/** How they are started. All pointers are borrowed. */
typedef struct {
    const char *client;  /* the path of capprobe-client */
    const char *libvirt; /* the folder of a libvirt build's libraries; NULL for the system's libvirt */
    const char *const
        *daemons; /* the paths of the target's daemons, in the order in which they are started; NULL-terminated, or
                                   NULL if it has none */
    gint64 deadline_ns; /* how long a request may take, or the start or the end of a daemon */
    const char *
        loader; /* what loads the client, the daemons and their libraries from `libraries`, folders separated by ':', with
                                   libvirt's drivers in `drivers`; NULL for what the system would take */
    const char *libraries, *drivers;
    const char *log_filter; /* what libvirt logs to standard error, as in LIBVIRT_LOG_FILTERS; or NULL */
} CpConnectionSpec;

/** The environment of a process that is part of `target`, whose files are in `root`. Free with g_strfreev(). */
GStrv cp_process_environment(const CpConnectionSpec *spec, const CpTarget *target, const char *root);

/** As fork(); counts what the child executes, if that is possible. The child waits until it is counted. */
pid_t cp_process_fork(CpInstructions *instructions);

/**
 * To be called in a child of the init: becomes the program `argv[0]`, as the target's user, with `error_fd` as standard error
 * and, if `socket_fd` is not -1, that descriptor as `kept_fd`, which is at least 3. Nothing else is inherited.
 */
G_NORETURN void cp_process_become(
    const CpTarget *target, const char *const *argv, char **env, int error_fd, int socket_fd, int kept_fd);

/** Returns how a process of this name ended: "NAME died: SIGNAL" or "NAME ended with status N". The caller owns it. */
char *cp_process_describe_end(const char *name, int status);
