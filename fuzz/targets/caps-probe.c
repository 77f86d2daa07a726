/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-probe: libvirt survives the probe, whatever the emulator answers (conversation.h). If the probe fails, libvirt
 * says why; if not, what it learned survives its own cache. An emulator of another architecture is also probed on a host
 * of that architecture, which supports nested and encrypted guests.
 */

#include <config.h>

#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"
#include "driver/property.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

typedef struct {
    const char *text;
    gsize length;
} Conversation;

static virQEMUCaps *
probe_once(gpointer data, virArch host)
{
    const Conversation *conversation = data;

    cp_fake_emulator_set(conversation->text, conversation->length);

    virQEMUCaps *caps = cp_fake_emulator_probe(host);

    cp_fake_emulator_unset();
    return caps;
}

/* Returns the architecture of the emulator, or `host` if the probe fails. */
static virArch
probe(Conversation *conversation, virArch host)
{
    g_autoptr(virQEMUCaps) caps = probe_once(conversation, host);

    if (!caps) {
        CP_PROPERTY(virGetLastErrorCode() != VIR_ERR_OK, "the probe fails without an error");
        return host;
    }
    cp_roundtrip(caps, host, probe_once, conversation);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Conversation conversation = { size > 0 ? (const char *)data : "", size };

    cp_fake_host_init();
    cp_fake_installation_reset();
    virArch guest = probe(&conversation, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH) {
        cp_fake_installation.nested = TRUE;
        cp_fake_installation.secure_guest = TRUE;
        probe(&conversation, guest);
    }
    return 0;
}
