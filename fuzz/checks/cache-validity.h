/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a cache document ought to be believed on a host, as far as its stamps tell. This is the rule that
 * libvirt is held to, and is written without libvirt's help. A document that loads is to be believed if and only if
 *
 * - <emulator> is the emulator's path, and <qemuctime> its ctime;
 * - <selfctime> and <selfvers> are those of the libvirt that reads it;
 * - <qemumoddirmtime> is the mtime of the module directory; where there is no directory, there is no such stamp;
 * - the flag kvm is set just where the emulator can use KVM, if it is for an architecture that this host can accelerate;
 * - with the flag kvm (or hvf), <hostCPUSignature>, <microcodeVersion>, <kernelVersion> and the leaves of <cpudata> are
 *   the host's; and with kvm so are <kvmSupportsNesting> and <kvmSupportsSecureGuest>.
 */
typedef enum {
    CP_CACHE_VALIDITY_MATCH,
    CP_CACHE_VALIDITY_DIFFER,
    CP_CACHE_VALIDITY_VANISHED, /* they differ in that the module directory is gone, and in nothing else */
    CP_CACHE_VALIDITY_DENIED, /* they differ in that the flag kvm is not set, and KVM is root's alone, and in nothing else */
} CpCacheValidity;

CpCacheValidity cp_cache_validity_compare(const char *document, size_t length);
