/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule by which libvirt should accept a cache document, written without libvirt's code. */
#pragma once

#include <glib.h>

/**
 * How a document that can be loaded compares with the fake host (fake-installation.h). libvirt should use the
 * document if and only if all of this is true:
 *
 * - <emulator> is the emulator's path, and <qemuctime> its ctime; - <selfctime> and <selfvers> are those of the
 * libvirt that reads it; - <qemumoddirmtime> is the mtime of the module directory; if there is no directory, there is
 * no such element; - if the architecture is one that this host can accelerate: the flag kvm is set if and only if the
 * emulator can use KVM; - if the flag kvm or hvf is set: <hostCPUSignature>, <microcodeVersion>, <kernelVersion> and
 * the leaves of <cpudata> are
 *   those of the host;
 * - if the flag kvm is set: <kvmSupportsNesting> and <kvmSupportsSecureGuest> are those of the host.
 */
typedef enum {
    CP_CACHE_VALIDITY_MATCH,    /* all of it is true */
    CP_CACHE_VALIDITY_DIFFER,   /* something else than the two following */
    CP_CACHE_VALIDITY_VANISHED, /* the only difference: the document has a module directory, and the host has none */
    CP_CACHE_VALIDITY_DENIED,   /* the only difference: the flag kvm is not set, and only root can use KVM */
} CpCacheValidity;

/** Compares `length` bytes of `document` with the fake host. */
CpCacheValidity cp_cache_validity_compare(const char *document, gsize length);
