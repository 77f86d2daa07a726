/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moments: whether anything was changed on the private host from one moment to another. Run in the sandbox's init. */
#pragma once

#include "run/host/host.h"

/**
 * The digest of the files that were changed since the sandbox was made, as they are at this moment: their paths, kinds,
 * inodes, owners, modes, sizes and times, but not their contents; and of the emulator and the modules, wherever links lead
 * to them. The root file system must be an overlay.
 *
 * Two moments have the same digest only if nothing was changed between them, not even there and back: each change sets the
 * time of a file or folder. For that the clock of the kernel must have gone on after a moment before anything changes; see
 * cp_moment_await_tick(). What a program writes through a shared mapping of a file is not noticed.
 *
 * What libvirt, QEMU and their libraries do not read is left out. The caller owns the digest.
 */
char *cp_moment_digest(const CpHost *host);

/** Waits until the kernel gives files other times than it did at `before`, of CLOCK_REALTIME_COARSE. */
void cp_moment_await_tick(const CpHost *host, const struct timespec *before);
