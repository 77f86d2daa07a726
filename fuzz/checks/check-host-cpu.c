/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/check-host-cpu.h"

#include "cpu/cpu.h"
#include "world/fake-host.h"
#include "driver/property.h"
#include "qemu/qemu_capspriv.h"

static void
expect_filtered(const virCPUDef *cpu)
{
    static const char *const never[] = { "cmt", "mbm_total", "mbm_local", "osxsave", "ospke" };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(never); i++)
        CP_PROPERTY(!virCPUDefFindFeature(cpu, never[i]), "a host model has %s, which QEMU never had", never[i]);
}

/* The last property @name of @type, or NULL; @seen is how many there are. */
static const qemuMonitorCPUProperty *
last_property(const qemuMonitorCPUModelInfo *info, qemuMonitorCPUPropertyType type, const char *name, size_t *seen)
{
    const qemuMonitorCPUProperty *last = NULL;
    size_t i;

    *seen = 0;
    for (i = 0; i < info->nprops; i++) {
        if (info->props[i].type == type && STREQ(info->props[i].name, name)) {
            last = info->props + i;
            (*seen)++;
        }
    }
    return last;
}

/* The value of a number, 0 where it is not given; -1 where it is given more than once, or is not small. */
static long long
number_of(const qemuMonitorCPUModelInfo *info, const char *name, long long end)
{
    size_t seen;
    const qemuMonitorCPUProperty *property = last_property(info, QEMU_MONITOR_CPU_PROPERTY_NUMBER, name, &seen);
    long long value = property ? property->value.number : 0;

    return seen <= 1 && value >= 0 && value < end ? value : -1;
}

/* NULL where it is not said, said more than once, or none that libvirt knows. */
static const char *
vendor_of(const qemuMonitorCPUModelInfo *info)
{
    size_t seen;
    const qemuMonitorCPUProperty *property = last_property(info, QEMU_MONITOR_CPU_PROPERTY_STRING, "vendor", &seen);

    if (seen != 1)
        return NULL;
    if (STREQ_NULLABLE(property->value.string, "GenuineIntel"))
        return "Intel";
    return STREQ_NULLABLE(property->value.string, "AuthenticAMD") ? "AMD" : NULL;
}

static void
expect_identity(const qemuMonitorCPUModelInfo *info, const virCPUDef *cpu)
{
    long long family = number_of(info, "family", 256);
    long long model = number_of(info, "model", 256);
    long long stepping = number_of(info, "stepping", 16);
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
    size_t i;

    for (i = 0; i < info->nprops; i++) {
        if (info->props[i].migratable == VIR_TRISTATE_BOOL_NO)
            return TRUE;
    }
    return FALSE;
}

/* Whether @info says, once or more, that @feature must not be relied upon. */
static gboolean
is_unmigratable(const qemuMonitorCPUModelInfo *info, virArch arch, const char *feature)
{
    gboolean unmigratable = FALSE;
    size_t i;

    for (i = 0; i < info->nprops; i++) {
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
expect_migratable(const qemuMonitorCPUModelInfo *info, virArch arch, const virCPUDef *cpu)
{
    g_autoptr(virCPUDef) expanded = virCPUDefCopy(cpu);
    size_t i;

    /* What a model of x86 has, it has without a word. */
    if (ARCH_IS_X86(arch) && virCPUExpandFeatures(arch, expanded) < 0)
        return;
    for (i = 0; i < expanded->nfeatures; i++) {
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

    CP_PROPERTY(!reported == !migratable, "a host model is there, and its migratable form is not, or the reverse");
    if (ARCH_IS_X86(host) && !ARCH_IS_X86(arch))
        CP_PROPERTY(!reported, "a host model of a foreign architecture");
    if (host == CP_FAKE_HOST_ARCH && arch == host && !info && any_model)
        CP_PROPERTY(reported, "no host model");
    if (!reported)
        return;

    CP_PROPERTY(reported->type == VIR_CPU_TYPE_GUEST && migratable->type == VIR_CPU_TYPE_GUEST,
                "a host model is no guest's");
    CP_PROPERTY(reported->fallback == (from_qemu ? VIR_CPU_FALLBACK_FORBID : VIR_CPU_FALLBACK_ALLOW),
                "the host model's fallback is %s", virCPUFallbackTypeToString(reported->fallback));
    if (!info && ARCH_IS_X86(arch))
        expect_filtered(reported);
    if (info && ARCH_IS_X86(arch))
        expect_identity(info, reported);
    if (from_qemu && info->migratability && has_unmigratable(info))
        expect_migratable(info, arch, migratable);
}
