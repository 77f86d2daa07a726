/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of file systems, mounted on the module directory or the emulator. Runs in the sandbox's init. */
#include "run/host/images.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "run/host/emulator.h"
#include "run/sandbox/image-mount.h"
#include "run/sandbox/sandbox.h"

gboolean
cp_images_mount(CpHost *host, const char *image, const char *type, GError **error)
{
    cp_images_reset(host);
    host->image_mounted = cp_image_mount(image, type, host->module_dir, error);
    return host->image_mounted;
}

gboolean
cp_images_mount_emulator(CpHost *host, const char *image, const char *type, GError **error)
{
    static const char folder[] = CP_SANDBOX_DIR "/emulator-image";
    if ((mkdir(folder, 0755) < 0 && errno != EEXIST) || !cp_image_mount(image, type, folder, error))
        return FALSE;
    gboolean done = cp_emulator_mount(host, CP_SANDBOX_DIR "/emulator-image/emulator", error);
    umount2(folder, MNT_DETACH);
    return done;
}

void
cp_images_reset(CpHost *host)
{
    if (host->image_mounted)
        umount2(host->module_dir, MNT_DETACH);
    host->image_mounted = FALSE;
}
