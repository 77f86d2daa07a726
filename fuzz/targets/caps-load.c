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
#include "known/known.h"
#include "known/shorten.h"
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

/* What came of loading a document while an operation failed. */
typedef struct {
    CpFault fault;
    CpCapsVerdict verdict;
    char *text; /* what can be read out; NULL if the document is not loaded */
} Outcome;

static void
outcome_clear(Outcome *outcome)
{
    g_free(outcome->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static gboolean
equal(const Outcome *one, const Outcome *other)
{
    return one->verdict == other->verdict && g_strcmp0(one->text, other->text) == 0;
}

static Outcome
load_planned(const CpInputOptions *options, virArch host, gint64 allocation, gint64 read)
{
    Outcome outcome;

    cp_fault_plan(allocation, read);
    virObjectUnref(load_once(options, host, CP_CAPS_ANY_WRITER, &outcome.verdict, &outcome.text));
    outcome.fault = cp_fault_end();
    return outcome;
}

/* Returns the known defect because of which libvirt says `seen` although a read failed: it takes what it has read for the
 * whole document. */
static const char *
explain_read(const CpInputOptions *options, virArch host, const Outcome *seen)
{
    CpInputOptions start = *options;

    if (!cp_known_has(CP_KNOWN_READ_ERROR_IS_END))
        return NULL;
    start.length = MIN(start.length, cp_fault_bytes_read());

    g_auto(Outcome) outcome = { CP_FAULT_NONE };

    virObjectUnref(load_once(&start, host, CP_CAPS_ANY_WRITER, &outcome.verdict, &outcome.text));
    return equal(&outcome, seen) ? cp_known_shows(CP_KNOWN_READ_ERROR_IS_END) : NULL;
}

/* Returns the known defect because of which libvirt says `seen` although an allocation failed: it takes an XPath expression
 * that could not be evaluated for one that found nothing, or for a condition that is true, and a value that could not be
 * copied for one that is not there. */
static const char *
explain_allocation(const CpInputOptions *options, virArch host, gint64 allocation, const Outcome *seen, gboolean value)
{
    const CpKnown rows[] = { value ? CP_KNOWN_ALLOCATION_VALUE : CP_KNOWN_ALLOCATION_IGNORED,
                             CP_KNOWN_ALLOCATION_IS_TRUE };

    for (gsize i = 0; i < (value ? 1 : G_N_ELEMENTS(rows)); i++) {
        cp_fault_instead.nothing = TRUE;
        cp_fault_instead.condition = rows[i] == CP_KNOWN_ALLOCATION_IS_TRUE ? "./@value='true'" : NULL;

        g_auto(Outcome) outcome = load_planned(options, host, allocation, -1);

        cp_fault_instead.nothing = FALSE;
        if (cp_known_has(rows[i]) && equal(&outcome, seen))
            return cp_known_shows(rows[i]);
    }
    return NULL;
}

/* Loads while an operation fails. libvirt must report an error, unless it was an allocation that made no difference.
 * `expected` is the outcome without a failure. */
static void
load_failing(const CpInputOptions *options, virArch host, const Outcome *expected)
{
    gint64 allocation = cp_input_options_number(options, "allocation", 0);
    gint64 read = cp_input_options_number(options, "read", -1);

    cp_fault_instead.growth = cp_known_avoids(CP_KNOWN_INPUT_GROWTH_NULL);
    cp_fault_instead.xpath = cp_known_avoids(CP_KNOWN_XPATH_OUT_OF_MEMORY);

    g_auto(Outcome) outcome = load_planned(options, host, allocation, read);
    CpFaultInstead done = cp_fault_done;
    gboolean value = cp_fault_in_value;
    const char *defect = NULL;

    if (done.growth)
        cp_known_shows(CP_KNOWN_INPUT_GROWTH_NULL);
    if (done.xpath)
        cp_known_shows(CP_KNOWN_XPATH_OUT_OF_MEMORY);
    if (outcome.fault != CP_FAULT_NONE && outcome.verdict == CP_CAPS_REFUSED)
        return;
    if (outcome.fault != CP_FAULT_READ && equal(&outcome, expected))
        return;
    if (outcome.fault == CP_FAULT_READ)
        defect = explain_read(options, host, &outcome);
    else if (done.xpath || value)
        defect = explain_allocation(options, host, allocation, &outcome, value);

    const char *what = outcome.fault == CP_FAULT_NONE ? "nothing failed" : "an operation of libxml2 failed";

    if (outcome.verdict != expected->verdict)
        cp_property_fails(defect, outcome.text, "loading again returns %d instead of %d, although %s", outcome.verdict,
                          expected->verdict, what);
    else if (g_strcmp0(outcome.text, expected->text) != 0)
        cp_property_differs(defect, "loaded again", expected->text, outcome.text);
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
        load_failing(options, host, &(Outcome){ CP_FAULT_NONE, verdict, text });
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
    g_autofree char *shortened = cp_known_shorten(options.document, &options.length);

    options.document = shortened ? shortened : options.document;
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
