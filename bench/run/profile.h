/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the time of a refresh goes, from libvirt's debug log as it is written.
 *
 * Every moment between begin and end belongs to exactly one phase, so the phases add up to the whole. Logging takes
 * time itself, and the log is stamped when it arrives: a profile explains a latency, it does not measure one.
 */
#pragma once

#include <json-glib/json-glib.h>

/** What a profiled libvirt must log. */
#define CP_PROFILE_LOG_FILTER                                                                                          \
    "2:qemu.qemu_monitor_json 2:qemu.qemu_monitor 1:qemu.qemu_process 1:qemu.qemu_capabilities 1:util.command "        \
    "1:util.file"

typedef struct _CpProfile CpProfile;

/** Begins at `now_ns`. `last_emulator_end_ns` is read, whenever libvirt goes on after a kill, to tell who was waited
 * for. */
CpProfile *cp_profile_begin(const char *emulator, const gint64 *last_emulator_end_ns, gint64 now_ns);

/** Takes one line of the log, seen at `now_ns`. */
void cp_profile_line(CpProfile *profile, const char *line, gint64 now_ns);

/** Ends at `now_ns`: name of a phase to ns. The caller owns it; `profile` is
 * freed. */
JsonObject *cp_profile_end(CpProfile *profile, gint64 now_ns);
