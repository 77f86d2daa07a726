/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-load: no document makes the loader crash, leak or hang. What is loaded is what the document says, and can be read
 * out. libvirt may or may not check who wrote the document: the check only turns "loaded" into "stale".
 *
 * The options instruction (input-options.h) may select another emulator than the document's, and make an operation fail,
 * which libvirt must report as an error:
 *
 *     emulator='PATH'   the emulator that libvirt asks for
 *     allocation='N'    allocation number N of libxml2 fails
 *     read='N'          every read that reaches byte N of the document fails
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
load_document(const CpInputOptions *options, virArch host, CpCapsWriter writer, CpCapsVerdict *verdict)
{
    g_autofree char *emulator = cp_input_options_string(options, "emulator");

    return cp_caps_load(options->document, options->length, emulator, host, writer, verdict);
}

/* Loads, and sets `text` to what can be read out: NULL if the document is not loaded. The caller owns both. */
static virQEMUCaps *
load_once(const CpInputOptions *options, virArch host, CpCapsWriter writer, CpCapsVerdict *verdict, char **text)
{
    virQEMUCaps *caps = load_document(options, host, writer, verdict);

    *text = *verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
    return caps;
}

/* Loads while an operation fails. libvirt must report an error, unless it was an allocation that made no difference.
 * `expected` and `expected_text` are the results without a failure. */
static void
load_failing(const CpInputOptions *options, virArch host, CpCapsVerdict expected, const char *expected_text)
{
    cp_fault_plan(cp_input_options_number(options, "allocation", 0), cp_input_options_number(options, "read", -1));
    g_autofree char *text = NULL;
    CpCapsVerdict verdict;
    virObjectUnref(load_once(options, host, CP_CAPS_ANY_WRITER, &verdict, &text));
    CpFault fault = cp_fault_end();

    if (fault != CP_FAULT_NONE && verdict == CP_CAPS_REFUSED)
        return;
    if (fault != CP_FAULT_READ && verdict == expected && g_strcmp0(text, expected_text) == 0)
        return;
    const char *defect = cp_defects_of_fault(fault);
    const char *what = defect ? "an operation of libxml2 failed" : "nothing failed";
    if (verdict != expected)
        cp_property_fails(defect, text, "loading again returns %d instead of %d, although %s", verdict, expected, what);
    else if (g_strcmp0(text, expected_text) != 0)
        cp_property_differs(defect, "loaded again", expected_text, text);
    else
        cp_property_fails(defect, NULL, "libvirt did not report that the document could not be read to its end");
}

/* Returns the architecture of the emulator, or `host` if the document is not loaded. A document that is refused when its
 * writer is checked is not loaded again without the check: most inputs of a campaign are refused. */
static virArch
load(const CpInputOptions *options, virArch host)
{
    CpCapsVerdict own_verdict;
    g_autofree char *own_text = NULL;
    g_autoptr(virQEMUCaps) own = load_once(options, host, CP_CAPS_OWN_WRITER, &own_verdict, &own_text);
    CpCapsVerdict verdict = CP_CAPS_REFUSED;
    g_autofree char *text = NULL;
    g_autoptr(virQEMUCaps) caps = NULL;

    if (own_verdict != CP_CAPS_REFUSED)
        caps = load_once(options, host, CP_CAPS_ANY_WRITER, &verdict, &text);
    cp_check_loaded(options->document, options->length, host, verdict, own_verdict, caps ? caps : own);
    CP_PROPERTY(verdict != CP_CAPS_STALE, "stale, although the writer is not checked");
    if (own_verdict == CP_CAPS_LOADED) {
        CP_PROPERTY(verdict == CP_CAPS_LOADED, "loaded, but refused when the writer is not checked");
        cp_property_equal("loaded twice", own_text, text);
    }
    if (options->words_length > 0)
        load_failing(options, host, verdict, text);
    return verdict == CP_CAPS_LOADED ? virQEMUCapsGetArch(caps) : host;
}

/* Loads once, on the host on which most of the loader runs, and ignores the result. */
static void
load_quickly(const CpInputOptions *options)
{
    virArch host = cp_caps_arch(options->document, options->length);
    CpCapsVerdict verdict;

    virObjectUnref(load_document(options, host, CP_CAPS_OWN_WRITER, &verdict));
    if (verdict == CP_CAPS_STALE)
        virObjectUnref(load_document(options, host, CP_CAPS_ANY_WRITER, &verdict));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions options = cp_input_options_read(data, size);

    cp_fake_host_init();
    if (!cp_property_thorough) {
        load_quickly(&options);
        return 0;
    }
    virArch guest = load(&options, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&options, guest);
    return 0;
}
