/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of file systems, mounted on the module directory, the emulator, or all that libvirt looks at. Runs in the sandbox's init. */
#include "run/host/images.h"

#include <sys/mount.h>

#include "run/host/emulator.h"
#include "run/host/host-facts.h"
#include "run/sandbox/image-mount.h"
#include "run/sandbox/mounting.h"
#include "run/sandbox/sandbox.h"

#define ASIDE CP_SANDBOX_DIR "/image"

gboolean
cp_images_mount(CpHost *host, const char *image, const char *type, GError **error)
{
    cp_images_reset(host);
    host->image_mounted = cp_image_mount(image, type, host->module_dir, error);
    return host->image_mounted;
}

/* Mounts the image where parts of it can be taken from. */
static gboolean
mount_aside(const char *image, const char *type, GError **error)
{
    return (g_mkdir_with_parents(ASIDE, 0755) == 0 || cp_mounting_refuse(error, "make", ASIDE)) &&
           cp_image_mount(image, type, ASIDE, error);
}

gboolean
cp_images_mount_emulator(CpHost *host, const char *image, const char *type, GError **error)
{
    if (!mount_aside(image, type, error))
        return FALSE;
    gboolean done = cp_emulator_mount(host, ASIDE "/emulator", error);
    umount2(ASIDE, MNT_DETACH);
    return done;
}

gboolean
cp_images_mount_host(CpHost *host, const char *image, const char *type, GError **error)
{
    if (!mount_aside(image, type, error))
        return FALSE;
    cp_images_reset(host);
    host->image_mounted = cp_sandbox_bind(ASIDE "/modules", host->module_dir, error);
    gboolean done = host->image_mounted && cp_emulator_mount(host, ASIDE "/emulator", error) &&
                    cp_host_facts_cover_driver(host, ASIDE "/driver", error);
    umount2(ASIDE, MNT_DETACH);
    return done;
}

void
cp_images_reset(CpHost *host)
{
    if (host->image_mounted)
        umount2(host->module_dir, MNT_DETACH);
    host->image_mounted = FALSE;
}
