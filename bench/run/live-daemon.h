/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the daemon of a live host. Runs in the caller. */
#pragma once

#include "history/live-daemon.h"

/**
 * Finds out how the daemon at `uri` is reached; NULL for qemu:///system. CP_ERROR_USAGE if it is not a daemon of this host by its
 * UNIX socket: about another host there is no truth here. CP_ERROR_UNTESTABLE if this user cannot probe as that daemon does: the system's
 * probes as root, a user's own as that user.
 */
gboolean cp_live_daemon_find(const char *uri, CpLiveDaemon *daemon, GError **error);
