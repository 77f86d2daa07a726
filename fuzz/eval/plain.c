/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * eval-plain: the target that one writes first. Every input is a document; it is loaded and let go; nothing is demanded
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
    g_autoptr(virQEMUCaps) caps = NULL;

    cp_fake_host_init();
    caps = virQEMUCapsNewBinary("/usr/bin/qemu-system-x86_64");
    cp_fake_host_set_document(size > 0 ? (const char *)data : "", size);
    virQEMUCapsLoadCache(CP_FAKE_HOST_ARCH, caps, CP_FAKE_HOST_DOCUMENT, true);
    cp_fake_host_set_document("", 0);
    return 0;
}
