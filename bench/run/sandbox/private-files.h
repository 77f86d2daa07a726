/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private module directory and the private emulator of a sandbox. Runs in the sandbox's init. */
#pragma once

#include <glib.h>

/** Whether files in the folder of `path`, or in the nearest one above that exists, can be changed as they are, so that
 * nothing need be mounted on them. */
gboolean cp_private_is_changeable(const char *path);

/** Copies the host's modules to CP_SANDBOX_HOST_MODULES. To be called while links out of the module directory, and the
 * directory's own, still lead to them. */
gboolean cp_private_modules_copy(const char *module_dir, GError **error);

/**
 * Sees to it that the module directory can be made, renamed and replaced. If its parent cannot be changed, covers the
 * parent with a tmpfs that has everything else that was in it; if the parent does not exist (a libvirt built for another
 * prefix), the nearest folder above it is covered.
 */
gboolean cp_private_modules_set_up(const char *module_dir, GError **error);

/** Sees to it that the emulator can be changed. If its folder cannot, a private copy is mounted on the emulator. */
gboolean cp_private_emulator_set_up(const char *emulator, GError **error);
