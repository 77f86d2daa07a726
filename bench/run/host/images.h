/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of file systems, mounted on the module directory, the emulator, or all that libvirt looks at. Runs in the sandbox's init. */
#pragma once

#include "run/host/host.h"

/** Mounts the file `image`, a file system of type `type`, read-only on the module directory, in place of an image that is there. */
gboolean cp_images_mount(CpHost *host, const char *image, const char *type, GError **error);

/** Mounts the program `emulator` of the file `image`, a file system of type `type`, in place of the emulator. */
gboolean cp_images_mount_emulator(CpHost *host, const char *image, const char *type, GError **error);

/**
 * Mounts what is in the file `image`, a file system of type `type`: the folder `modules` on the module directory, and the files
 * `emulator` and `driver` on the emulator and on libvirt's QEMU driver.
 */
gboolean cp_images_mount_host(CpHost *host, const char *image, const char *type, GError **error);

/** Unmounts the image that is on the module directory, if there is one. */
void cp_images_reset(CpHost *host);
