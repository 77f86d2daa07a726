/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on the emulator and on KVM. Run in the sandbox's init. */
#include "run/host/emulator.h"
#include "run/host/operation-functions.h"

gboolean
cp_operate_TOUCH_EMULATOR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return cp_emulator_touch(host, error);
}

gboolean
cp_operate_REPLACE_EMULATOR(CpHost *host, const CpStep *step, GError **error)
{
    return cp_emulator_replace(host, step->args[0], error);
}

gboolean
cp_operate_KVM(CpHost *host G_GNUC_UNUSED, const CpStep *step, GError **error)
{
    return cp_kvm_set_up(cp_kvm_from_step(step->args[0]), error);
}
