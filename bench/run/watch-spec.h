/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command that is to be watched. */
#pragma once

#include <glib.h>

/** All pointers are borrowed. */
typedef struct {
    char **argv;
    gint64 every_ns;  /* from one read to the next, while the command runs */
    gboolean restart; /* libvirt is started again, as it is installed by then, when the command has ended */
    int log_fd;       /* where what it prints is written */
} CpWatchSpec;
