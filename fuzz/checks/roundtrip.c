/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/roundtrip.h"

#include "known/defects.h"
#include "driver/property.h"
#include "qemu/qemu_capspriv.h"

static void
copy(virQEMUCaps *caps, const char *saved, const char *text)
{
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
load(const char *saved, const char *text, virArch host)
{
    const char *defect;
    g_autoptr(virQEMUCaps) loaded = NULL;
    g_autofree char *loaded_text = NULL;
    g_autofree char *saved_again = NULL;
    CpCapsVerdict verdict;

    loaded = cp_caps_load(saved, strlen(saved), NULL, host, CP_CAPS_ANYBODYS, &verdict);
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

void
cp_roundtrip(virQEMUCaps *caps, virArch host)
{
    g_autofree char *saved = cp_caps_format(caps);
    g_autofree char *text = cp_caps_read_out(caps);

    copy(caps, saved, text);
    load(saved, text, host);
}
