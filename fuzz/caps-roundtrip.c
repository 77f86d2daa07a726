/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-roundtrip: what libvirt loads it can save, load again, and then says the same; and so does a copy.
 */

#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "caps.h"
#include "control.h"
#include "defects.h"
#include "host.h"
#include "property.h"
#include "qemu/qemu_capspriv.h"
#include "target.h"

static void
copy(virQEMUCaps *caps, const char *text)
{
    g_autofree char *saved = cp_caps_format(caps);
    const char *defect = cp_defects_of_copied(saved);
    g_autoptr(virQEMUCaps) copied = NULL;
    g_autofree char *copied_text = NULL;

    if (defect && !cp_property_provoke) {
        cp_property_known(defect);
        return;
    }
    copied = virQEMUCapsNewCopy(caps);
    copied_text = cp_caps_read_out(copied);
    cp_property_equal("copied", text, copied_text);
}

static void
save_and_load(virQEMUCaps *caps, const char *text)
{
    g_autofree char *saved = cp_caps_format(caps);
    const char *defect;
    g_autoptr(virQEMUCaps) loaded = NULL;
    g_autofree char *loaded_text = NULL;
    g_autofree char *saved_again = NULL;
    CpCapsVerdict verdict;

    loaded = cp_caps_load(saved, strlen(saved), virQEMUCapsGetArch(caps), CP_CAPS_ANYBODYS, &verdict);
    if (verdict == CP_CAPS_LOADED) {
        loaded_text = cp_caps_read_out(loaded);
        saved_again = cp_caps_format(loaded);
    }
    if (loaded_text && STREQ(loaded_text, text) && STREQ(saved_again, saved))
        return;

    if ((defect = cp_defects_of_saved(saved))) {
        cp_property_known(defect);
        return;
    }
    CP_PROPERTY(loaded_text, "what was saved cannot be loaded: %s", virGetLastErrorMessage());
    cp_property_equal("saved and loaded", text, loaded_text);
    cp_property_equal("saved again", saved, saved_again);
}

static bool
load(const char *document, size_t length, virArch *host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, *host, CP_CAPS_ANYBODYS, &verdict);
    g_autofree char *text = NULL;

    if (verdict != CP_CAPS_LOADED)
        return false;
    if (virQEMUCapsGetArch(caps) != *host) {
        *host = virQEMUCapsGetArch(caps);
        return true;
    }
    text = cp_caps_read_out(caps);
    copy(caps, text);
    save_and_load(caps, text);
    return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpControl control = cp_control_read(data, size);
    virArch host = CP_HOST_ARCH;

    cp_host_init();
    if (load(control.document, control.length, &host))
        load(control.document, control.length, &host);
    return 0;
}
