/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts how often an emulator is started. Runs in the sandbox's init.
 *
 * The kernel reports each execution of the emulator's file (fanotify), whatever the process is called and however it
 * ends. The reaper cannot count them all: an emulator that fails before it becomes a daemon is reaped by libvirt.
 */
#pragma once

#include <glib.h>

typedef struct {
    int fd;              /* fanotify; -1 if this kernel does not allow it */
    gboolean privileged; /* events name their process, and have a descriptor of the file */
    gboolean watching;   /* the present emulator's file */
    gint64 starts;       /* so far */
} CpStartCounter;

/** Prepares the counter. If the kernel does not let this user watch (Linux before 5.13), it watches nothing. */
void cp_start_counter_begin(CpStartCounter *counter);

/** Watches the file that is now at the path `emulator`, and no file of before. */
void cp_start_counter_watch_only(CpStartCounter *counter, const char *emulator);

/** Watches the file that is now at the path `emulator`, and the files of before. */
void cp_start_counter_watch_also(CpStartCounter *counter, const char *emulator);

/** Adds the starts since the last call to `starts`. */
void cp_start_counter_update(CpStartCounter *counter);

void cp_start_counter_end(CpStartCounter *counter);
