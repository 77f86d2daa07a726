/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of file systems, mounted on the module directory. Runs in the sandbox's init. */
#include "run/host/images.h"

#include <sys/mount.h>

#include "run/sandbox/image-mount.h"

gboolean
cp_images_mount(CpHost *host, const char *image, const char *type, GError **error)
{
    cp_images_reset(host);
    host->image_mounted = cp_image_mount(image, type, host->module_dir, error);
    return host->image_mounted;
}

void
cp_images_reset(CpHost *host)
{
    if (host->image_mounted)
        umount2(host->module_dir, MNT_DETACH);
    host->image_mounted = FALSE;
}
