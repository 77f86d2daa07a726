/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies capabilities, and saves and loads them. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/roundtrip.h"

#include "driver/property.h"
#include "known/defects.h"
#include "qemu/qemu_capspriv.h"

/* `saved` is the document as which libvirt saves `caps`, `text` what it says about them. */
static void
check_copy(virQEMUCaps *caps, const char *saved, const char *text)
{
    const char *defect = cp_defects_of_copied(saved);

    if (defect && !cp_property_provoke) {
        cp_property_fails(defect, NULL, "not copied: that would end the process; --provoke copies them");
        return;
    }

    g_autoptr(virQEMUCaps) copied = virQEMUCapsNewCopy(caps);
    g_autofree char *copied_text = cp_caps_read_out(copied);

    cp_property_equal("copied", text, copied_text);
}

static void
check_saved(const char *saved, const char *text, virArch host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) loaded = cp_caps_load(saved, strlen(saved), NULL, host, CP_CAPS_ANY_WRITER, &verdict);
    g_autofree char *loaded_text = NULL;
    g_autofree char *saved_again = NULL;

    if (verdict == CP_CAPS_LOADED) {
        loaded_text = cp_caps_read_out(loaded);
        saved_again = cp_caps_format(loaded);
    }
    if (loaded_text && STREQ(loaded_text, text) && STREQ(saved_again, saved))
        return;

    const char *defect = cp_defects_of_saved(saved);

    if (!loaded_text)
        cp_property_fails(defect, saved, "what was saved cannot be loaded: %s", virGetLastErrorMessage());
    else if (STRNEQ(loaded_text, text))
        cp_property_differs(defect, "saved and loaded", text, loaded_text);
    else
        cp_property_differs(defect, "saved again", saved, saved_again);
}

void
cp_roundtrip(virQEMUCaps *caps, virArch host)
{
    g_autofree char *saved = cp_caps_format(caps);
    g_autofree char *text = cp_caps_read_out(caps);

    check_copy(caps, saved, text);
    check_saved(saved, text, host);
}
