/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-load: no document makes the loader crash, leak or hang, and whatever it loads is what the document says, and can be
 * read out. A document is judged alike whether or not libvirt looks at who wrote it: that question can only turn "loaded"
 * into "stale".
 *
 * Its options instruction (input-options.h) may say that libvirt asks for another emulator than the document is about, and that
 * something fails, which is then reported:
 *
 *     emulator='PATH'
 *     allocation='N'   libxml2's allocation number N
 *     read='N'         any read that goes up to byte N of the document
 */

#include <config.h>

#include "world/caps.h"
#include "input/input-options.h"
#include "known/defects.h"
#include "checks/check-loaded.h"
#include "driver/fault.h"
#include "world/fake-host.h"
#include "driver/property.h"
#include "driver/target.h"

static virQEMUCaps *
load_document(const CpInputOptions *control, virArch host, CpCapsOrigin origin, CpCapsVerdict *verdict)
{
    g_autofree char *emulator = cp_input_options_string(control, "emulator");

    return cp_caps_load(control->document, control->length, emulator, host, origin, verdict);
}

/* @text is what can be read out of the capabilities; NULL where they are not loaded. */
static virQEMUCaps *
load_once(const CpInputOptions *control, virArch host, CpCapsOrigin origin, CpCapsVerdict *verdict, char **text)
{
    virQEMUCaps *caps = load_document(control, host, origin, verdict);

    *text = *verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
    return caps;
}

/* Loads while something fails: that is reported. An allocation may also have been of no consequence. */
static void
load_failing(const CpInputOptions *control, virArch host, CpCapsVerdict expected, const char *expected_text)
{
    g_autoptr(virQEMUCaps) caps = NULL;
    g_autofree char *text = NULL;
    const char *defect;
    CpCapsVerdict verdict;
    CpFault fault;

    cp_fault_plan(cp_input_options_number(control, "allocation", 0), cp_input_options_number(control, "read", -1));
    caps = load_once(control, host, CP_CAPS_ANYBODYS, &verdict, &text);
    fault = cp_fault_end();

    if (fault != CP_FAULT_NONE && verdict == CP_CAPS_REFUSED)
        return;
    if (fault != CP_FAULT_READ && verdict == expected && g_strcmp0(text, expected_text) == 0)
        return;
    if ((defect = cp_defects_of_fault(fault))) {
        cp_property_known(defect);
        return;
    }
    CP_PROPERTY(verdict == expected, "nothing failed, and yet the loader returns %d after %d", verdict, expected);
    cp_property_equal("loaded once more", expected_text, text);
}

/* Returns the architecture of what is loaded, or that of the host. What is refused where its writer is looked at is not
 * loaded again: campaigns consist of little else. */
static virArch
load(const CpInputOptions *control, virArch host)
{
    CpCapsVerdict own_verdict;
    CpCapsVerdict verdict = CP_CAPS_REFUSED;
    g_autofree char *own_text = NULL;
    g_autofree char *text = NULL;
    g_autoptr(virQEMUCaps) own = load_once(control, host, CP_CAPS_OWN, &own_verdict, &own_text);
    g_autoptr(virQEMUCaps) caps = NULL;

    if (own_verdict != CP_CAPS_REFUSED)
        caps = load_once(control, host, CP_CAPS_ANYBODYS, &verdict, &text);
    cp_check_loaded(control->document, control->length, host, verdict, own_verdict, caps ? caps : own);
    CP_PROPERTY(verdict != CP_CAPS_STALE, "stale, although nobody asked");
    if (own_verdict == CP_CAPS_LOADED) {
        CP_PROPERTY(verdict == CP_CAPS_LOADED, "loaded, but refused where nobody looks at its writer");
        cp_property_equal("loaded twice", own_text, text);
    }
    if (control->words_length > 0)
        load_failing(control, host, verdict, text);
    return verdict == CP_CAPS_LOADED ? virQEMUCapsGetArch(caps) : host;
}

/* Loads once, where most of the loader is run; what comes of it is not looked at. */
static void
load_quickly(const CpInputOptions *control)
{
    virArch host = cp_caps_arch(control->document, control->length);
    CpCapsVerdict verdict;

    virObjectUnref(load_document(control, host, CP_CAPS_OWN, &verdict));
    if (verdict == CP_CAPS_STALE)
        virObjectUnref(load_document(control, host, CP_CAPS_ANYBODYS, &verdict));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions control = cp_input_options_read(data, size);
    virArch guest;

    cp_fake_host_init();
    if (!cp_property_thorough) {
        load_quickly(&control);
        return 0;
    }
    guest = load(&control, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&control, guest);
    return 0;
}
