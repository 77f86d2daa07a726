/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * eval-plain: the simplest target, for comparison. It loads every input as a document and frees it. Nothing is checked
 * but that this does not crash or leak.
 */

#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "internal.h"
#include "qemu/qemu_capabilities.h"
#include "qemu/qemu_capspriv.h"

#include "world/fake-host.h"
#include "driver/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cp_fake_host_init();
    g_autoptr(virQEMUCaps) caps = virQEMUCapsNewBinary("/usr/bin/qemu-system-x86_64");
    cp_fake_host_set_document(size > 0 ? (const char *)data : "", size);
    virQEMUCapsLoadCache(CP_FAKE_HOST_ARCH, caps, CP_FAKE_HOST_DOCUMENT, true);
    cp_fake_host_set_document("", 0);
    return 0;
}
