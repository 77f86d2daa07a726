/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-probe: whatever an emulator says (conversation.h), libvirt survives the probe, says why where it fails, and what
 * it learned survives its own cache. An emulator of another architecture is probed twice, the second time as on a host
 * of its own kind.
 */

#include <config.h>

#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"
#include "driver/property.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

static virArch
probe(const char *conversation, size_t length, virArch host)
{
    g_autoptr(virQEMUCaps) caps = NULL;

    cp_fake_emulator_set(conversation, length);
    caps = cp_fake_emulator_probe(host);
    cp_fake_emulator_unset();
    if (!caps) {
        CP_PROPERTY(virGetLastErrorCode() != VIR_ERR_OK, "the probe fails, and does not say why");
        return host;
    }
    cp_roundtrip(caps, host);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *conversation = size > 0 ? (const char *)data : "";
    virArch guest;

    cp_fake_host_init();
    cp_fake_installation_reset();
    guest = probe(conversation, size, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        probe(conversation, size, guest);
    return 0;
}
