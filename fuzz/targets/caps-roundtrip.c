/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* caps-roundtrip: what libvirt loads it can save and load again, and copy, and then it says the same. */

#include <config.h>

#include "world/caps.h"
#include "input/input-options.h"
#include "known/shorten.h"
#include "world/fake-host.h"
#include "checks/roundtrip.h"
#include "driver/target.h"

static virQEMUCaps *
load_again(gpointer data, virArch host)
{
    const CpInputOptions *options = data;
    CpCapsVerdict verdict;

    return cp_caps_load(options->document, options->length, NULL, host, CP_CAPS_ANY_WRITER, &verdict);
}

/* Returns the architecture of the emulator, or `host` if the document is not loaded. Checks only an emulator of the
 * host's architecture. */
static virArch
load(CpInputOptions *options, virArch host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps =
        cp_caps_load(options->document, options->length, NULL, host, CP_CAPS_ANY_WRITER, &verdict);

    if (verdict != CP_CAPS_LOADED)
        return host;
    if (virQEMUCapsGetArch(caps) == host)
        cp_roundtrip(caps, host, load_again, options);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions options = cp_input_options_read(data, size);
    g_autofree char *shortened = cp_known_shorten(options.document, &options.length);

    options.document = shortened ? shortened : options.document;
    cp_fake_host_init();
    virArch guest = load(&options, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&options, guest);
    return 0;
}
