/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on the emulator and on KVM.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/error.h"
#include "run/host/operation-functions.h"
#include "run/sandbox/sandbox.h"

/*
 * A change time cannot be set. Under `clock step` the host's own file, which changed long ago, and the private copy
 * take turns; under `clock kernel` the private copy is touched.
 */
gboolean
cp_operate_touch_emulator(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    if (host->kernel_clock)
        return utimensat(AT_FDCWD, host->emulator, NULL, 0) == 0 ||
               cp_error_set_errno(error, CP_ERROR_FAILED, errno, "'touch-emulator'");

    host->emulator_is_private = !host->emulator_is_private;
    if (!host->emulator_is_private)
        return cp_sandbox_bind(CP_SANDBOX_HOST_EMULATOR, host->emulator, error);
    return umount2(host->emulator, MNT_DETACH) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "'touch-emulator'");
}

gboolean
cp_operate_kvm(CpHost *host, const CpStep *step, GError **error)
{
    const char *state = step->args[0];
    return cp_host_set_kvm(host,
                           g_str_equal(state, "on")    ? CP_KVM_ON
                           : g_str_equal(state, "off") ? CP_KVM_OFF
                                                       : CP_KVM_ROOT_ONLY,
                           error);
}
