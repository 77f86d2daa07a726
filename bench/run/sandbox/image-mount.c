/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts files that hold a file system. Runs in the sandbox's init. */
#include "run/sandbox/image-mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/mounting.h"

/* How often another process may take the device that was free. */
#define ATTEMPTS 100

/* The host's /dev, as a mount that is nowhere in the sandbox; -1 if there is none. */
static int devices = -1;

void
cp_image_mount_keep_devices(void)
{
    if (geteuid() == 0)
        devices = cp_mounting_clone("/dev", FALSE);
}

static gboolean
refuse(GError **error, const char *what)
{
    return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "an image cannot be mounted: %s", what);
}

/* Returns a loop device that reads `image`, or -1 with `error` set. */
static int
attach(const char *image, GError **error)
{
    int file = open(image, O_RDONLY | O_CLOEXEC);
    int control = openat(devices, "loop-control", O_RDWR | O_CLOEXEC);
    int device = -1;
    if (file < 0)
        refuse(error, image);
    else if (control < 0)
        refuse(error, "/dev/loop-control");
    for (int i = 0; file >= 0 && control >= 0 && device < 0 && i < ATTEMPTS; i++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);
        g_autofree char *name = g_strdup_printf("loop%d", number);
        struct loop_config config = { .fd = file, .info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR };
        device = number < 0 ? -1 : openat(devices, name, O_RDONLY | O_CLOEXEC);
        if (device < 0)
            break;
        if (ioctl(device, LOOP_CONFIGURE, &config) == 0)
            continue;
        int reason = errno;
        close(device);
        device = -1;
        errno = reason;
        if (reason != EBUSY)
            break;
    }
    if (device < 0 && error && !*error)
        refuse(error, "no loop device");
    if (control >= 0)
        close(control);
    if (file >= 0)
        close(file);
    return device;
}

gboolean
cp_image_mount(const char *image, const char *type, const char *target, GError **error)
{
    int device = attach(image, error);
    if (device < 0)
        return FALSE;
    g_autofree char *source = g_strdup_printf("/proc/self/fd/%d", device);
    gboolean mounted = mount(source, target, type, MS_RDONLY | MS_NODEV | MS_NOSUID, NULL) == 0 || refuse(error, type);
    close(device);
    return mounted;
}
