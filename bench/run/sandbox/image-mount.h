/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mounts files that hold a file system. Runs in the sandbox's init.
 *
 * This takes a loop device of the host: the only thing of the host that is used, not copied or covered. It is read-only, and
 * the kernel detaches it from the file when the mount ends, also if the sandbox is killed. No node of it is in the sandbox.
 */
#pragma once

#include <glib.h>

/** Remembers the host's devices; to be called before /dev is covered. Only root can use them. */
void cp_image_mount_keep_devices(void);

/** Mounts `image`, a file system of type `type`, read-only on the folder `target`. CP_ERROR_UNTESTABLE if this host does not allow
 * it. */
gboolean cp_image_mount(const char *image, const char *type, const char *target, GError **error);
