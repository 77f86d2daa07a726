/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A daemon of a live host: how it is reached, and how an administrator starts and ends it. */
#pragma once

#include <glib.h>

/** It owns its strings, except for the names. */
typedef struct {
    char *asked;        /* the URI as the user gave it, for messages */
    char *uri;          /* the one that a client opens */
    char *socket_dir;   /* the folder that has its socket; NULL if that does not exist */
    char *settings_dir; /* the folder with its settings, if these are an ordinary user's and there are any; else NULL */
    char *cache;        /* the folder with what it keeps on disk about emulators */
    const char *service; /* the name of the daemon that has the QEMU driver, which is that of its service */
    const char *front;   /* the name of the daemon to which clients connect: the same, or a proxy */
    gboolean of_user;    /* it is an ordinary user's: there is no service, and any client starts it */
} CpLiveDaemon;

void cp_live_daemon_clear(CpLiveDaemon *daemon);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpLiveDaemon, cp_live_daemon_clear)
