/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-probe: libvirt survives the probe, whatever the emulator answers (conversation.h). If the probe fails, libvirt
 * says why; if not, what it learned survives its own cache. An emulator of another architecture is also probed on a host
 * of that architecture.
 */

#include <config.h>

#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"
#include "driver/property.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

/* Returns the architecture of the emulator, or `host` if the probe fails. */
static virArch
probe(const char *conversation, gsize length, virArch host)
{
    cp_fake_emulator_set(conversation, length);
    g_autoptr(virQEMUCaps) caps = cp_fake_emulator_probe(host);
    cp_fake_emulator_unset();
    if (!caps) {
        CP_PROPERTY(virGetLastErrorCode() != VIR_ERR_OK, "the probe fails without an error");
        return host;
    }
    cp_roundtrip(caps, host);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *conversation = size > 0 ? (const char *)data : "";

    cp_fake_host_init();
    cp_fake_installation_reset();
    virArch guest = probe(conversation, size, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        probe(conversation, size, guest);
    return 0;
}
