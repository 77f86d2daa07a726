/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-load: no document makes the loader crash, leak or hang, and whatever it loads can be read out, and is
 * what the document says. A document is judged alike whether or not libvirt looks at who wrote it: that question can only
 * turn "loaded" into "stale".
 */

#include <config.h>

#include "caps.h"
#include "control.h"
#include "expect.h"
#include "host.h"
#include "property.h"
#include "target.h"

static void
load(const char *document, size_t length, virArch host, virArch *guest)
{
    CpCapsVerdict verdict;
    CpCapsVerdict own_verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, host, CP_CAPS_ANYBODYS, &verdict);
    g_autoptr(virQEMUCaps) own = cp_caps_load(document, length, host, CP_CAPS_OWN, &own_verdict);
    g_autofree char *text = NULL;
    g_autofree char *own_text = NULL;

    cp_expect(document, length, host, verdict, own_verdict, caps);
    CP_PROPERTY(verdict != CP_CAPS_STALE, "stale, although nobody asked");
    if (verdict == CP_CAPS_REFUSED) {
        CP_PROPERTY(own_verdict != CP_CAPS_LOADED, "refused, but loaded where its writer is looked at");
        return;
    }

    text = cp_caps_read_out(caps);
    *guest = virQEMUCapsGetArch(caps);
    CP_PROPERTY(own_verdict != CP_CAPS_REFUSED, "loaded, but refused where its writer is looked at");
    if (own_verdict == CP_CAPS_LOADED) {
        own_text = cp_caps_read_out(own);
        cp_property_equal("loaded twice", text, own_text);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpControl control = cp_control_read(data, size);
    virArch guest = CP_HOST_ARCH;

    cp_host_init();
    load(control.document, control.length, CP_HOST_ARCH, &guest);
    if (guest != CP_HOST_ARCH)
        load(control.document, control.length, guest, &guest);
    return 0;
}
