/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A profile: the time of a refresh, divided into phases by libvirt's debug log. Runs in the sandbox's init.
 *
 * Each moment between begin and end belongs to exactly one phase, so the phases add up to the whole. Logging itself
 * takes time, and a line's time is when it arrives here. So a profile shows proportions; it is not a measurement.
 */
#pragma once

#include <json-glib/json-glib.h>

/** The log filters under which libvirt logs what a profile needs. */
#define CP_PROFILE_LOG_FILTER                                                                                          \
    "2:qemu.qemu_monitor_json 2:qemu.qemu_monitor 1:qemu.qemu_process 1:qemu.qemu_capabilities 1:util.command "        \
    "1:util.file"

typedef struct _CpProfile CpProfile;

/**
 * Begins a profile at `now_ns`. `emulator` is the path of the emulator. `last_emulator_end_ns` points to the time at
 * which an emulator last ended; it is read when libvirt continues after it has killed one. Both are borrowed.
 */
CpProfile *cp_profile_begin(const char *emulator, const gint64 *last_emulator_end_ns, gint64 now_ns);

/** Takes one line of the log, which arrived at `now_ns`. */
void cp_profile_line(CpProfile *profile, const char *line, gint64 now_ns);

/** Ends the profile at `now_ns` and frees it. Returns an object of phase names to ns, which the caller owns. */
JsonObject *cp_profile_end(CpProfile *profile, gint64 now_ns);
