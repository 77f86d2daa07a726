/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* caps-roundtrip: what libvirt loads it can save and load again, and copy, and then it says the same. */

#include <config.h>

#include "world/caps.h"
#include "input/input-options.h"
#include "world/fake-host.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

/* Returns the architecture of the emulator, or `host` if the document is not loaded. Checks only an emulator of the
 * host's architecture. */
static virArch
load(const CpInputOptions *options, virArch host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps =
        cp_caps_load(options->document, options->length, NULL, host, CP_CAPS_ANY_WRITER, &verdict);

    if (verdict != CP_CAPS_LOADED)
        return host;
    if (virQEMUCapsGetArch(caps) == host)
        cp_roundtrip(caps, host);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions options = cp_input_options_read(data, size);

    cp_fake_host_init();
    virArch guest = load(&options, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&options, guest);
    return 0;
}
