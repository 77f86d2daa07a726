/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt asks about the host when it fills domain capabilities: KVM, VFIO, TPM, remote desktops and firmware. */

/* All of them are available. The answers are constants. */

#include <config.h>

#include "internal.h"
#include "qemu/qemu_firmware.h"
#include "util/virfile.h"
#include "util/virhostcpu.h"
#include "util/virtpm.h"

extern typeof(virHostCPUGetKVMMaxVCPUs) __wrap_virHostCPUGetKVMMaxVCPUs;
extern typeof(virTPMHasSwtpm) __wrap_virTPMHasSwtpm;
extern typeof(virTPMSwtpmSetupCapsGet) __wrap_virTPMSwtpmSetupCapsGet;
extern typeof(qemuFirmwareGetSupported) __wrap_qemuFirmwareGetSupported;
extern typeof(virHostCPUGetPhysAddrSize) __wrap_virHostCPUGetPhysAddrSize;

/* Each of these exists, or has this name, only in some versions of libvirt. */
bool __wrap_qemuHostdevHostSupportsPassthroughVFIO(void);
bool __wrap_virHostdevHostSupportsPassthroughVFIO(void);
bool __wrap_qemuRdpAvailable(const char *helper);

int
__wrap_virHostCPUGetKVMMaxVCPUs(void)
{
    return 1024;
}

#ifdef CP_HAVE_PHYS_ADDR_SIZE_OF_ARCH
int
__wrap_virHostCPUGetPhysAddrSize(const virArch arch, unsigned int *size)
{
    if (!ARCH_IS_X86(arch))
        return -1;
    *size = 39;
    return 0;
}
#else
int
__wrap_virHostCPUGetPhysAddrSize(unsigned int *size)
{
    *size = 39;
    return 0;
}
#endif

bool
__wrap_virTPMHasSwtpm(void)
{
    return true;
}

bool
__wrap_virTPMSwtpmSetupCapsGet(virTPMSwtpmSetupFeature feature G_GNUC_UNUSED)
{
    return true;
}

bool
__wrap_qemuHostdevHostSupportsPassthroughVFIO(void)
{
    return true;
}

bool
__wrap_virHostdevHostSupportsPassthroughVFIO(void)
{
    return true;
}

bool
__wrap_qemuRdpAvailable(const char *helper G_GNUC_UNUSED)
{
    return true;
}

/* There is firmware of every kind for x86. For other architectures there is none, and libvirt uses that of qemu.conf.
 * */
int
__wrap_qemuFirmwareGetSupported(const char *machine G_GNUC_UNUSED,
                                virArch arch,
                                bool privileged G_GNUC_UNUSED,
                                uint64_t *supported,
                                bool *secure,
                                virFirmware ***firmwares,
                                size_t *n)
{
    static const char *const names[] = { "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_CODE.secboot.fd",
                                         "/usr/share/OVMF/OVMF_CODE.fd" };

    *supported = 0;
    *secure = ARCH_IS_X86(arch);
    *firmwares = NULL;
    *n = 0;
    if (!ARCH_IS_X86(arch))
        return 0;
    *supported = 1 << VIR_DOMAIN_OS_DEF_FIRMWARE_BIOS | 1 << VIR_DOMAIN_OS_DEF_FIRMWARE_EFI;
    *n = G_N_ELEMENTS(names);
    *firmwares = g_new0(virFirmware *, *n);
    for (gsize i = 0; i < *n; i++) {
        (*firmwares)[i] = g_new0(virFirmware, 1);
        (*firmwares)[i]->name = g_strdup(names[i]);
    }
    return 0;
}
