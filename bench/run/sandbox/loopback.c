/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sandbox's own loopback interface. Runs in the sandbox's init. */
#include "run/sandbox/loopback.h"

#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

gboolean
cp_loopback_raise(GError **error)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    gboolean raised = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    int number = errno;
    if (fd >= 0)
        close(fd);
    return raised ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "sandbox: cannot use the loopback interface");
}
