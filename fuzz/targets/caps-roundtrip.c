/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-roundtrip: what libvirt loads it can save, load again, and then says the same; and so does a copy.
 */

#include <config.h>

#include "world/caps.h"
#include "input/input-options.h"
#include "world/fake-host.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

static bool
load(const char *document, size_t length, virArch *host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, NULL, *host, CP_CAPS_ANYBODYS, &verdict);

    if (verdict != CP_CAPS_LOADED)
        return false;
    if (virQEMUCapsGetArch(caps) != *host) {
        *host = virQEMUCapsGetArch(caps);
        return true;
    }
    cp_roundtrip(caps, *host);
    return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions control = cp_input_options_read(data, size);
    virArch host = CP_FAKE_HOST_ARCH;

    cp_fake_host_init();
    if (load(control.document, control.length, &host))
        load(control.document, control.length, &host);
    return 0;
}
