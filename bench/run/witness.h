/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A witness: a libvirt that is asked once about the host as it is, in a sandbox of its own. Runs in the caller. */
#pragma once

#include "history/statement.h"
#include "run/find.h"
#include "run/libvirt/client-protocol.h"

/** Who is asked, and about what. All pointers are borrowed. */
typedef struct {
    const CpFound *found;
    const char *uri;          /* of the host's daemon; NULL for a fresh libvirt */
    const char *socket_dir;   /* the folder that has the daemon's socket; NULL without `uri` */
    const char *settings_dir; /* a folder of settings that a fresh libvirt must see; NULL for none but the system's */
    const char *emulator, *arch, *machine, *virttype; /* "" lets libvirt choose */
    gint64 deadline_ns;                               /* of one request to libvirt */
} CpWitnessSpec;

/**
 * Asks the witness for its domain capabilities, for the capabilities of the host or for its version, as `asked` says.
 *
 * The daemon is reached through its socket, by a client in a sandbox that has nothing of the host's /run but that socket's
 * folder. A fresh libvirt is the installed one, with an empty cache and the settings of the daemon. It sees the root file
 * system of the host, read-only, and of its devices those on which capabilities depend, with their owners, modes and ACLs.
 *
 * That libvirt fails or is lost is part of the statement. NULL with `error` set if nobody could be asked:
 * CP_ERROR_UNTESTABLE, or CP_ERROR_FAILED.
 */
CpStatement *cp_witness_ask(const CpWitnessSpec *spec, CpRequestVerb asked, GError **error);
