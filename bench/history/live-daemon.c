/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon of a live host. */
#include "history/live-daemon.h"

void
cp_live_daemon_clear(CpLiveDaemon *daemon)
{
    g_free(daemon->asked);
    g_free(daemon->uri);
    g_free(daemon->socket_dir);
    g_free(daemon->settings_dir);
    g_free(daemon->cache);
}
