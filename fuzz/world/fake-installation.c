/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces the functions with which libvirt looks at the installation. */
#include <config.h>

#include "world/fake-installation.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "internal.h"
#include "cpu/cpu.h"
#include "util/virfile.h"
#include "util/virhostcpu.h"
#include "world/fake-firmware.h"
#include "world/fake-host.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(stat64) __real_stat64;
extern typeof(stat64) __wrap_stat64;
extern typeof(uname) __wrap_uname;
extern typeof(virCPUDataGetHost) __wrap_virCPUDataGetHost;
extern typeof(g_mkdir_with_parents) __real_g_mkdir_with_parents;
extern typeof(g_mkdir_with_parents) __wrap_g_mkdir_with_parents;
extern typeof(unlink) __real_unlink;
extern typeof(unlink) __wrap_unlink;
int __wrap_virFileWriteStr(const char *path, const char *text, mode_t mode);
bool __wrap_virFileExists(const char *path);
bool __wrap_virFileIsDir(const char *path);
bool __wrap_virFileIsExecutable(const char *path);
int __wrap_virFileAccessibleAs(const char *path, int mode, uid_t uid, gid_t gid);
int G_GNUC_PRINTF(2, 3) __wrap_virFileReadValueString(char **value, const char *format, ...);
unsigned int __wrap_virHostCPUGetMicrocodeVersion(virArch arch);
int __wrap_virHostCPUGetSignature(char **signature);

static char *written; /* the content of the cache file, if libvirt has written it */

#define DEFAULTS                                                                                                       \
    {                                                                                                                  \
        .arch = CP_FAKE_HOST_ARCH, .emulator_ctime = CP_FAKE_HOST_SELF_CTIME, .module_directory = TRUE,                \
        .module_mtime = CP_FAKE_HOST_SELF_CTIME, .kvm = CP_FAKE_KVM_USABLE, .kvm_ctime = CP_FAKE_HOST_SELF_CTIME,      \
        .microcode = 1, .signature = "GenuineIntel, family: 6, model: 60, stepping: 3", .kernel_release = "6.1.0",     \
        .kernel_version = "#1 SMP",                                                                                    \
    }

CpFakeInstallation cp_fake_installation = DEFAULTS;

void
cp_fake_installation_reset(void)
{
    g_clear_pointer(&written, g_free);
    cp_fake_installation = (CpFakeInstallation)DEFAULTS;
}

const char *
cp_fake_installation_written(void)
{
    return written;
}

static gboolean
exists(const char *path)
{
    if (STREQ(path, CP_FAKE_EMULATOR) || STREQ(path, "/usr/share/OVMF/OVMF_CODE.fd"))
        return TRUE;
    if (STREQ(path, QEMU_MODDIR))
        return cp_fake_installation.module_directory;
    if (STREQ(path, "/dev/kvm"))
        return cp_fake_installation.kvm != CP_FAKE_KVM_ABSENT;
    if (STREQ(path, "/dev/sev") || STREQ(path, "/sys/firmware/uv"))
        return cp_fake_installation.secure_guest;
    return cp_fake_host_has_document(path);
}

/* Engines call this, too: for their files it must work as usual. */
int
__wrap_stat64(const char *path, struct stat64 *status)
{
    int result;

    if (cp_fake_firmware_stat(path, status, &result))
        return result;
    if (!STREQ(path, CP_FAKE_EMULATOR) && !STREQ(path, QEMU_MODDIR) && !STREQ(path, "/dev/kvm"))
        return __real_stat64(path, status);
    if (!exists(path)) {
        errno = ENOENT;
        return -1;
    }
    memset(status, 0, sizeof(*status));
    status->st_ctime = CP_FAKE_HOST_SELF_CTIME;
    if (STREQ(path, CP_FAKE_EMULATOR))
        status->st_ctime = cp_fake_installation.emulator_ctime;
    else if (STREQ(path, "/dev/kvm"))
        status->st_ctime = cp_fake_installation.kvm_ctime;
    status->st_mtime = STREQ(path, QEMU_MODDIR) ? cp_fake_installation.module_mtime : CP_FAKE_HOST_SELF_CTIME;
    return 0;
}

bool
__wrap_virFileExists(const char *path)
{
    if (!exists(path)) {
        errno = ENOENT;
        return false;
    }
    return true;
}

bool
__wrap_virFileIsDir(const char *path)
{
    return exists(path);
}

bool
__wrap_virFileIsExecutable(const char *path)
{
    return STREQ(path, CP_FAKE_EMULATOR);
}

int
__wrap_virFileAccessibleAs(const char *path, int mode G_GNUC_UNUSED, uid_t uid G_GNUC_UNUSED, gid_t gid G_GNUC_UNUSED)
{
    if (STREQ(path, "/dev/kvm") && cp_fake_installation.kvm == CP_FAKE_KVM_USABLE)
        return 0;
    errno = EACCES;
    return -1;
}

/* --- the cache folder, which has one file, in memory --- */

int
__wrap_g_mkdir_with_parents(const char *path, int mode)
{
    return g_str_has_prefix(path, CP_FAKE_HOST_DIRECTORY) ? 0 : __real_g_mkdir_with_parents(path, mode);
}

int
__wrap_virFileWriteStr(const char *path G_GNUC_UNUSED, const char *text, mode_t mode G_GNUC_UNUSED)
{
    if (cp_fake_installation.read_only) {
        errno = EROFS;
        return -1;
    }
    cp_fake_host_set_document(NULL, 0);
    g_free(written);
    written = g_strdup(text);
    cp_fake_host_set_document(written, strlen(written));
    return 0;
}

int
__wrap_unlink(const char *path)
{
    if (!g_str_has_prefix(path, CP_FAKE_HOST_DIRECTORY "/"))
        return __real_unlink(path);
    if (cp_fake_installation.read_only) {
        errno = EROFS;
        return -1;
    }
    cp_fake_host_set_document(NULL, 0);
    return 0;
}

/* --- KVM, kernel and CPU --- */

/* libvirt reads the parameters of the kernel and of its modules with this. */
int
__wrap_virFileReadValueString(char **value, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *path = g_strdup_vprintf(format, arguments);
    va_end(arguments);

    if (STREQ(path, "/sys/module/kvm_intel/parameters/nested"))
        *value = g_strdup(cp_fake_installation.nested ? "Y" : "N");
    else if (STREQ(path, "/sys/module/kvm_amd/parameters/sev"))
        *value = g_strdup(cp_fake_installation.secure_guest ? "Y" : "N");
    else if (STREQ(path, "/proc/cmdline"))
        *value = g_strdup(cp_fake_installation.secure_guest ? "prot_virt=1" : "quiet");
    else
        return -2;
    return 0;
}

int
__wrap_uname(struct utsname *name)
{
    memset(name, 0, sizeof(*name));
    g_strlcpy(name->sysname, "Linux", sizeof(name->sysname));
    g_strlcpy(name->release, cp_fake_installation.kernel_release, sizeof(name->release));
    g_strlcpy(name->version, cp_fake_installation.kernel_version, sizeof(name->version));
    g_strlcpy(name->machine, virArchToString(cp_fake_installation.arch), sizeof(name->machine));
    return 0;
}

unsigned int
__wrap_virHostCPUGetMicrocodeVersion(virArch arch G_GNUC_UNUSED)
{
    return cp_fake_installation.microcode;
}

int
__wrap_virHostCPUGetSignature(char **signature)
{
    *signature = g_strdup(cp_fake_installation.signature);
    return 0;
}

virCPUData *
__wrap_virCPUDataGetHost(void)
{
    return virCPUDataNewCopy(cp_fake_host_cpu());
}
