/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The emulator's file, and its change time (ctime) in particular. Runs in the sandbox's init.
 *
 * libvirt probes again if the emulator's change time, in whole seconds, is another than when it probed. A change time
 * cannot be set. There are three to choose from: that of the real host's file, that of the private copy, and the
 * present one, which the private copy gets when it is touched.
 */
#pragma once

#include "run/host/host.h"

/** Takes away what is mounted on the emulator. If that leaves the private copy, it becomes what it was at first. */
gboolean cp_emulator_reset(CpHost *host, GError **error);

/**
 * Gives the emulator another change time. Under `clock step` it is one, in whole seconds, that the emulator has not had
 * since the last read began; call it only if cp_emulator_has_other_ctime(). Under `clock kernel` it is the present time.
 */
gboolean cp_emulator_touch(CpHost *host, GError **error);

/** Whether there is such a time. If not, there is one as soon as the next second begins. */
gboolean cp_emulator_has_other_ctime(const CpHost *host);

/** To be called when a read begins: change times of before may be used again. */
void cp_emulator_note_read(CpHost *host);

/** Mounts the file `path` on the emulator, as another build of it. Its change time stays. */
gboolean cp_emulator_mount(CpHost *host, const char *path, GError **error);

/**
 * Puts a copy of the file `path`, relative to the emulator's folder, in the emulator's place, with a change time that the
 * emulator has not had since the last read began. Waits up to a second for that, unless the clock is the kernel's.
 */
gboolean cp_emulator_replace(CpHost *host, const char *path, GError **error);
