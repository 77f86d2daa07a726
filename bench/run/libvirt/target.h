/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A target: a libvirt under test, reached as a user would reach it. Each is a file target-NAME.c; target.c lists them.
 *
 * A target's daemons run in the sandbox, as children of its init: daemon.h starts and ends them. `root` is a folder for the
 * target's files, which is empty at the begin of each round.
 */
#pragma once

#include <glib.h>

/** The user and group that take the place of root for a target that is not privileged: "nobody". */
#define CP_TARGET_USER 65534

/** The names of targets, for messages. */
#define CP_TARGET_NAMES "embed, session, libvirtd, virtqemud, virtproxyd or virtproxyd-tcp"

typedef struct {
    const char *name;
    const char *summary; /* half a line */

    /** The programs that are started for it, in this order, each by the names that it may have; the first that the libvirt under
     * test has is taken. Ends with NULL; NULL if there are none. */
    const char *const *const *daemons;
    gboolean unprivileged; /* daemons and clients are an ordinary user's; root runs them as CP_TARGET_USER */

    /** Prepares the folder `root` so that daemons can start, and that a client can open the target there. */
    gboolean (*prepare)(const char *root, GError **error);

    /** Adds what daemons and clients need to their environment, which it takes; or NULL. Free with g_strfreev(). */
    GStrv (*environment)(GStrv env, const char *root);

    /** The URI that a client opens; the caller frees it. `daemon` is the path of the last daemon, or NULL. */
    char *(*uri)(const char *root, const char *daemon);

    /** The folder with the sockets of its daemons; the caller frees it. NULL if it has none. */
    char *(*sockets)(const char *root);

    /** The folder of libvirt's caches, which becomes a file system of its own; the caller frees it. */
    char *(*cache)(const char *root);

    /** Below that folder, the one with the files about emulators. */
    const char *capabilities;
} CpTarget;

/** The QEMU driver in the client's own process. */
extern const CpTarget cp_target_embed;

/** The host's own daemon. Instead of a folder it has a URI. */
extern const CpTarget cp_target_live;

/** The same as `embed`, with the settings of the host's daemon, such as the user that runs emulators. */
extern const CpTarget cp_target_as_daemon;

/** The daemon of an ordinary user. */
extern const CpTarget cp_target_session;

/** The daemon with all drivers. */
extern const CpTarget cp_target_libvirtd;

/** The daemon of the QEMU driver. */
extern const CpTarget cp_target_virtqemud;

/** The proxy in front of it, reached by its socket, and by TCP. */
extern const CpTarget cp_target_virtproxyd, cp_target_virtproxyd_tcp;

/** Returns the target of this name, NULL for `embed`. CP_ERROR_USAGE if there is none. */
const CpTarget *cp_target_find(const char *name, GError **error);

/** Returns the target with this index, in the order of CP_TARGET_NAMES; NULL after the last. */
const CpTarget *cp_target_nth(guint n);

/** Returns the folder with the files about emulators. The caller frees it. */
char *cp_target_capabilities(const CpTarget *target, const char *root);
