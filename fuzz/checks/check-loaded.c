/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "checks/check-loaded.h"

#include "known/defects.h"
#include "checks/check-host-cpu.h"
#include "checks/reference-reader.h"
#include "world/fake-host.h"
#include "driver/property.h"
#include "util/virerror.h"

/* Newer versions sort the models. */
static void
expect_models(GPtrArray *expected, virQEMUCaps *caps, virDomainVirtType type)
{
    g_autoptr(virDomainCapsCPUModels) models = virQEMUCapsGetCPUModels(caps, type, NULL, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; models && i < models->nmodels; i++) {
        const virDomainCapsCPUModel *model = models->models + i;
        g_autoptr(GString) blockers = g_string_new(NULL);
        char **feature;

        for (feature = model->blockers; feature && *feature; feature++)
            g_string_append_printf(blockers, "%s ", *feature);
        g_ptr_array_add(lines, cp_reference_model(model->name, model->usable, model->deprecated, blockers->str));
    }
    CP_PROPERTY(lines->len == expected->len, "the document has %u CPU models, libvirt %u", expected->len, lines->len);
    g_ptr_array_sort(lines, cp_reference_compare);
    g_ptr_array_sort(expected, cp_reference_compare);
    for (i = 0; i < lines->len; i++)
        cp_property_equal("CPU model", g_ptr_array_index(expected, i), g_ptr_array_index(lines, i));
}

/* libvirt asks the host, not the document, how many guests can be encrypted. */
static void
expect_sev(virQEMUCaps *caps)
{
    const virSEVCapability *sev = virQEMUCapsGetSEVCapabilities(caps);

    if (sev) {
        CP_PROPERTY(sev->max_guests == CP_FAKE_HOST_SEV_MAX - CP_FAKE_HOST_SEV_MIN + 1, "guests: %u", sev->max_guests);
        CP_PROPERTY(sev->max_es_guests == CP_FAKE_HOST_SEV_MIN - 1, "guests with encrypted state: %u",
                    sev->max_es_guests);
    }
}

static void
expect_saved(virQEMUCaps *caps, const CpReference *facts)
{
    g_autofree char *saved = cp_caps_format(caps);
    g_autoptr(CpReference) again = cp_reference_read(saved, strlen(saved));
    const char *defect;

    if (STREQ(facts->text->str, again->text->str))
        return;
    if ((defect = cp_defects_of_saved(saved)))
        cp_property_known(defect);
    else
        cp_property_equal("document and what was loaded", facts->text->str, again->text->str);
}

static void
expect_loaded(const CpReference *facts, virArch host, virQEMUCaps *caps)
{
    size_t i;

    expect_saved(caps, facts);
    expect_sev(caps);
    for (i = 0; i < CP_REFERENCE_ACCELERATORS; i++) {
        if (cp_reference_has_accelerator(facts, i)) {
            virDomainVirtType type = cp_reference_accelerators[i].type;

            expect_models(facts->models[i], caps, type);
            cp_check_host_cpu(caps, host, type, facts->models[i]->len == 0);
        }
    }
}

void
cp_check_loaded(const char *document,
                size_t length,
                virArch host,
                CpCapsVerdict verdict,
                CpCapsVerdict own_verdict,
                virQEMUCaps *caps)
{
    g_autoptr(CpReference) facts = NULL;

    if (cp_defects_of_size(document, length))
        return;
    facts = cp_reference_read(document, length);
    /* Newer versions see nothing beyond a zero byte. */
    if (!facts->well_formed && !memchr(document, 0, length))
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "what is no document was loaded");
    if (!facts->plain)
        return;

    if (facts->refused || STRNEQ_NULLABLE(facts->emulator, virQEMUCapsGetBinary(caps)))
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "a document that is in error was loaded");
    else if (!facts->unsure)
        CP_PROPERTY(verdict == CP_CAPS_LOADED, "refused without need: %s", virGetLastErrorMessage());
    if (verdict == CP_CAPS_LOADED && !facts->unsure) {
        CP_PROPERTY((own_verdict == CP_CAPS_STALE) == facts->stale, "taken for another libvirt's, or the reverse");
        expect_loaded(facts, host, caps);
    }
}
