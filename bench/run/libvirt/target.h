/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A target: a libvirt under test, reached as a user would reach it. Runs in the sandbox's init. */
#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    const char *summary; /* half a line */

    /** Prepares the folder `root` so that a client can open the target there. */
    gboolean (*prepare)(const char *root, GError **error);

    /** The URI that a client opens; the caller frees it. */
    char *(*uri)(const char *root);
} CpTarget;

/** The QEMU driver in the client's own process. */
extern const CpTarget cp_target_embed;

/** The host's own daemon. Instead of a folder it has a URI. */
extern const CpTarget cp_target_live;

/** The same as `embed`, with the settings of the host's daemon, such as the user that runs emulators. */
extern const CpTarget cp_target_as_daemon;

#define CP_TARGET_DAEMON_SETTINGS "/etc/libvirt/qemu.conf"
