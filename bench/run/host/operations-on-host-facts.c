/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on the facts of the host that libvirt compares with its cache. Run in the sandbox's init. */
#include "run/host/host-facts.h"
#include "run/host/operation-functions.h"

gboolean
cp_operate_TOUCH_LIBVIRT(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return cp_host_facts_touch_libvirt(host, error);
}

gboolean
cp_operate_CPUINFO(CpHost *host, const CpStep *step, GError **error)
{
    return cp_host_facts_set_cpuinfo(host, step->args[0], step->args[1], error);
}

gboolean
cp_operate_KERNEL(CpHost *host, const CpStep *step, GError **error)
{
    return cp_host_facts_set_kernel(host, g_str_equal(step->args[0], "2.6"), error);
}

gboolean
cp_operate_KVM_PARAMETER(CpHost *host, const CpStep *step, GError **error)
{
    return cp_host_facts_set_kvm_parameter(host, step->args[0], g_str_equal(step->args[1], "on"), error);
}
