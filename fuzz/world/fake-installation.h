/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "internal.h"
#include "util/virarch.h"

/*
 * What libvirt asks the host before it starts an emulator or believes what it learned from one: stamps of files, KVM,
 * the kernel and the CPU. Nothing of the real host is looked at.
 */

typedef enum {
    CP_FAKE_KVM_ABSENT,
    CP_FAKE_KVM_USABLE,
    CP_FAKE_KVM_ROOT_ONLY, /* the probe can use it, but not the user who is to run guests */
} CpFakeKvm;

typedef struct {
    virArch arch;
    int64_t emulator_ctime;
    bool module_directory;
    int64_t module_mtime;
    CpFakeKvm kvm;
    bool nested;
    bool secure_guest;
    bool read_only; /* the cache's file system */
    unsigned int microcode;
    const char *signature;
    const char *kernel_release;
    const char *kernel_version;
} CpFakeInstallation;

/* The emulator's file. */
#define CP_FAKE_EMULATOR "/usr/bin/qemu-system-x86_64"

/* What the host has installed. */
extern CpFakeInstallation cp_fake_installation;

/* Makes it what it is unless somebody says otherwise: all stamps are CP_FAKE_HOST_SELF_CTIME, and KVM is usable. */
void cp_fake_installation_reset(void);

/* What libvirt has written to the cache's file since then; NULL where that is nothing. */
const char *cp_fake_installation_written(void);
