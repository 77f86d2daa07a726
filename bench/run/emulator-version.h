/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks an emulator for its version, in a sandbox of its own. The function runs in the caller. */
#pragma once

#include "run/sandbox/sandbox.h"

/**
 * Runs the emulator of `sandbox` with --version and returns the first line that it prints. Waits at most `deadline_ns`.
 * The caller owns it. NULL with CP_ERROR_UNTESTABLE if the sandbox cannot be made, or if the line is not QEMU's.
 */
char *cp_emulator_version(const CpSandboxSpec *sandbox, gint64 deadline_ns, GError **error);
