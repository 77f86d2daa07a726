/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derives from loaded capabilities what the host's CPU model must be like. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/check-host-cpu.h"

#include "cpu/cpu.h"
#include "driver/property.h"
#include "qemu/qemu_capspriv.h"
#include "world/fake-host.h"

/* Features that QEMU does not know must have been removed. */
static void
check_filtered(const virCPUDef *cpu)
{
    static const char *const unknown[] = { "cmt", "mbm_total", "mbm_local", "osxsave", "ospke" };

    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++)
        CP_PROPERTY(!virCPUDefFindFeature(cpu, unknown[i]), "the host model has %s, which QEMU does not know",
                    unknown[i]);
}

/* Returns the last property `name` of `type`, or NULL; `n` is how many there are. */
static const qemuMonitorCPUProperty *
last_property(const qemuMonitorCPUModelInfo *info, qemuMonitorCPUPropertyType type, const char *name, gsize *n)
{
    const qemuMonitorCPUProperty *last = NULL;

    *n = 0;
    for (gsize i = 0; i < info->nprops; i++) {
        if (info->props[i].type == type && STREQ(info->props[i].name, name)) {
            last = info->props + i;
            (*n)++;
        }
    }
    return last;
}

/* Returns the value of a numeric property: 0 if it is missing, -1 if it is there more than once or not below `end`. */
static gint64
number_of(const qemuMonitorCPUModelInfo *info, const char *name, gint64 end)
{
    gsize n;
    const qemuMonitorCPUProperty *property = last_property(info, QEMU_MONITOR_CPU_PROPERTY_NUMBER, name, &n);
    gint64 value = property ? property->value.number : 0;

    return n <= 1 && value >= 0 && value < end ? value : -1;
}

/* Returns libvirt's name of the vendor, or NULL if there is not exactly one vendor, or libvirt does not know it. */
static const char *
vendor_of(const qemuMonitorCPUModelInfo *info)
{
    gsize n;
    const qemuMonitorCPUProperty *property = last_property(info, QEMU_MONITOR_CPU_PROPERTY_STRING, "vendor", &n);

    if (n != 1)
        return NULL;
    if (STREQ_NULLABLE(property->value.string, "GenuineIntel"))
        return "Intel";
    return STREQ_NULLABLE(property->value.string, "AuthenticAMD") ? "AMD" : NULL;
}

static void
check_identity(const qemuMonitorCPUModelInfo *info, const virCPUDef *cpu)
{
    gint64 family = number_of(info, "family", 256);
    gint64 model = number_of(info, "model", 256);
    gint64 stepping = number_of(info, "stepping", 16);
    const char *vendor = vendor_of(info);

    CP_PROPERTY(!vendor || STREQ_NULLABLE(cpu->vendor, vendor), "the host model's vendor is %s, not %s",
                NULLSTR(cpu->vendor), vendor);
    if (family >= 0 && model >= 0 && stepping >= 0)
        CP_PROPERTY(cpu->sigFamily == family && cpu->sigModel == model && cpu->sigStepping == stepping,
                    "the host model has signature %u, %u, %u", cpu->sigFamily, cpu->sigModel, cpu->sigStepping);
}

static gboolean
has_unmigratable(const qemuMonitorCPUModelInfo *info)
{
    for (gsize i = 0; i < info->nprops; i++) {
        if (info->props[i].migratable == VIR_TRISTATE_BOOL_NO)
            return TRUE;
    }
    return FALSE;
}

/* Whether all properties that stand for `feature`, at least one, say that it is not migratable. */
static gboolean
is_unmigratable(const qemuMonitorCPUModelInfo *info, virArch arch, const char *feature)
{
    gboolean unmigratable = FALSE;

    for (gsize i = 0; i < info->nprops; i++) {
        const qemuMonitorCPUProperty *property = info->props + i;

        if (STREQ(virQEMUCapsCPUFeatureFromQEMU(arch, property->name), feature)) {
            if (property->migratable != VIR_TRISTATE_BOOL_NO)
                return FALSE;
            unmigratable = TRUE;
        }
    }
    return unmigratable;
}

static void
check_migratable(const qemuMonitorCPUModelInfo *info, virArch arch, const virCPUDef *cpu)
{
    g_autoptr(virCPUDef) expanded = virCPUDefCopy(cpu);

    /* On x86 the features of the named model are not listed. */
    if (ARCH_IS_X86(arch) && virCPUExpandFeatures(arch, expanded) < 0)
        return;
    for (gsize i = 0; i < expanded->nfeatures; i++) {
        CP_PROPERTY(expanded->features[i].policy != VIR_CPU_FEATURE_REQUIRE ||
                        !is_unmigratable(info, arch, expanded->features[i].name),
                    "the migratable host model has %s", expanded->features[i].name);
    }
}

void
cp_check_host_cpu(virQEMUCaps *caps, virArch host, virDomainVirtType type, gboolean any_model)
{
    const virCPUDef *reported = virQEMUCapsGetHostModel(caps, type, VIR_QEMU_CAPS_HOST_CPU_REPORTED);
    const virCPUDef *migratable = virQEMUCapsGetHostModel(caps, type, VIR_QEMU_CAPS_HOST_CPU_MIGRATABLE);
    const qemuMonitorCPUModelInfo *info = virQEMUCapsGetCPUModelInfo(caps, type);
    virArch arch = virQEMUCapsGetArch(caps);
    gboolean from_qemu = info && (ARCH_IS_X86(arch) || ARCH_IS_S390(arch));

    CP_PROPERTY(!reported == !migratable, "there is only one of the host model and its migratable form");
    if (ARCH_IS_X86(host) && !ARCH_IS_X86(arch))
        CP_PROPERTY(!reported, "there is a host model for a foreign architecture");
    if (host == CP_FAKE_HOST_ARCH && arch == host && !info && any_model)
        CP_PROPERTY(reported, "there is no host model");
    if (!reported)
        return;

    CP_PROPERTY(reported->type == VIR_CPU_TYPE_GUEST && migratable->type == VIR_CPU_TYPE_GUEST,
                "a host model is not of type guest");
    CP_PROPERTY(reported->fallback == (from_qemu ? VIR_CPU_FALLBACK_FORBID : VIR_CPU_FALLBACK_ALLOW),
                "the host model's fallback is %s", virCPUFallbackTypeToString(reported->fallback));
    if (!info && ARCH_IS_X86(arch))
        check_filtered(reported);
    if (info && ARCH_IS_X86(arch))
        check_identity(info, reported);
    if (from_qemu && info->migratability && has_unmigratable(info))
        check_migratable(info, arch, migratable);
}
