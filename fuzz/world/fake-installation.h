/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the fake host that an input can change: emulator, modules, KVM, kernel, CPU, and the cache folder. */
#pragma once

#include <glib.h>

#include "internal.h"
#include "util/virarch.h"

/* libvirt looks at these before it starts an emulator, and before it uses what it has cached about one. */

/** The state of /dev/kvm. */
typedef enum {
    CP_FAKE_KVM_ABSENT,
    CP_FAKE_KVM_USABLE,
    CP_FAKE_KVM_ROOT_ONLY, /* the probe can use it, but not the user who runs guests */
} CpFakeKvm;

/** What is installed. Times are in seconds. The strings are borrowed. */
typedef struct {
    virArch arch;
    gint64 emulator_ctime;
    gboolean module_directory; /* whether it exists */
    gint64 module_mtime;       /* of the module directory */
    CpFakeKvm kvm;
    gint64 kvm_ctime;      /* of /dev/kvm */
    gboolean nested;       /* whether KVM supports nested guests */
    gboolean secure_guest; /* whether KVM supports encrypted guests */
    gboolean read_only;    /* whether the file system of the cache is read-only */
    guint microcode;
    const char *signature; /* of the CPU */
    const char *kernel_release;
    const char *kernel_version;
} CpFakeInstallation;

/** The path of the emulator. */
#define CP_FAKE_EMULATOR "/usr/bin/qemu-system-x86_64"

/** What is installed now. */
extern CpFakeInstallation cp_fake_installation;

/**
 * Restores the defaults (all times are CP_FAKE_HOST_SELF_CTIME, KVM is usable), and forgets what libvirt has written.
 */
void cp_fake_installation_reset(void);

/**
 * Returns what libvirt has written to the cache file since cp_fake_installation_reset(), or NULL. It is valid until
 * libvirt writes again.
 */
const char *cp_fake_installation_written(void);
