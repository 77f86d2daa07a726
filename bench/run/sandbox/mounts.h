/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mounts of a sandbox. Runs in the sandbox's init. */
#pragma once

#include "run/sandbox/sandbox.h"

/**
 * Makes the mounts that sandbox.h describes. This process must be in a mount namespace and a PID namespace of its own.
 * CP_ERROR_UNTESTABLE if the kernel refuses a mount.
 */
gboolean cp_sandbox_mount(const CpSandboxSpec *spec, GError **error);

/** Mounts a /proc of this process's PID namespace. What root could use to change the kernel's settings is read-only. */
gboolean cp_sandbox_mount_proc(GError **error);
