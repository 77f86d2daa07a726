/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares loaded capabilities with what the reference reader finds in the document. */
#include <config.h>

#include "checks/check-loaded.h"

#include "checks/check-host-cpu.h"
#include "checks/reference-reader.h"
#include "driver/property.h"
#include "known/defects.h"
#include "util/virerror.h"
#include "world/fake-host.h"

/* The order does not matter: newer versions of libvirt sort the models. */
static void
check_models(GPtrArray *expected, virQEMUCaps *caps, virDomainVirtType type)
{
    g_autoptr(virDomainCapsCPUModels) models = virQEMUCapsGetCPUModels(caps, type, NULL, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; models && i < models->nmodels; i++) {
        const virDomainCapsCPUModel *model = models->models + i;
        g_autoptr(GString) blockers = g_string_new(NULL);

        for (char **feature = model->blockers; feature && *feature; feature++)
            g_string_append_printf(blockers, "%s ", *feature);
        g_ptr_array_add(lines, cp_reference_model(model->name, model->usable, model->deprecated, blockers->str));
    }
    CP_PROPERTY(lines->len == expected->len, "the document has %u CPU models, libvirt has %u", expected->len,
                lines->len);
    g_ptr_array_sort(lines, cp_reference_compare);
    g_ptr_array_sort(expected, cp_reference_compare);
    for (guint i = 0; i < lines->len; i++)
        cp_property_equal("CPU model", g_ptr_array_index(expected, i), g_ptr_array_index(lines, i));
}

/* How many guests can be encrypted depends on the host, not on the document. */
static void
check_sev(virQEMUCaps *caps)
{
    const virSEVCapability *sev = virQEMUCapsGetSEVCapabilities(caps);

    if (sev) {
        CP_PROPERTY(sev->max_guests == CP_FAKE_HOST_SEV_MAX - CP_FAKE_HOST_SEV_MIN + 1,
                    "wrong number of encrypted guests: %u", sev->max_guests);
        CP_PROPERTY(sev->max_es_guests == CP_FAKE_HOST_SEV_MIN - 1, "wrong number of guests with encrypted state: %u",
                    sev->max_es_guests);
    }
}

/* What libvirt saves must say the same as the document that it loaded. */
static void
check_saved(virQEMUCaps *caps, const CpReference *reference)
{
    g_autofree char *saved = cp_caps_format(caps);
    g_autoptr(CpReference) again = cp_reference_read(saved, strlen(saved));

    if (STRNEQ(reference->text->str, again->text->str))
        cp_property_differs(cp_defects_of_saved(saved), "document and what was loaded", reference->text->str,
                            again->text->str);
}

static void
check_caps(const CpReference *reference, virArch host, virQEMUCaps *caps)
{
    check_saved(caps, reference);
    check_sev(caps);
    for (gsize i = 0; i < CP_REFERENCE_ACCELERATORS; i++) {
        if (cp_reference_has_accelerator(reference, i)) {
            virDomainVirtType type = cp_reference_accelerators[i].type;

            check_models(reference->models[i], caps, type);
            cp_check_host_cpu(caps, host, type, reference->models[i]->len == 0);
        }
    }
}

void
cp_check_loaded(const char *document,
                gsize length,
                virArch host,
                CpCapsVerdict verdict,
                CpCapsVerdict own_verdict,
                virQEMUCaps *caps)
{
    if (cp_defects_of_size(document, length))
        return;

    g_autoptr(CpReference) reference = cp_reference_read(document, length);

    /* Newer versions of libvirt ignore everything after a zero byte. */
    if (!reference->well_formed && !memchr(document, 0, length))
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "what is not a cache document was loaded");
    if (!reference->plain)
        return;

    if (reference->refused || STRNEQ_NULLABLE(reference->emulator, virQEMUCapsGetBinary(caps)))
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "an invalid document was loaded");
    else if (!reference->unsure)
        CP_PROPERTY(verdict == CP_CAPS_LOADED, "a valid document was refused: %s", virGetLastErrorMessage());
    if (verdict == CP_CAPS_LOADED && !reference->unsure) {
        CP_PROPERTY((own_verdict == CP_CAPS_STALE) == reference->stale,
                    reference->stale ? "the document of another libvirt was accepted"
                                     : "libvirt's own document was taken for that of another libvirt");
        check_caps(reference, host, caps);
    }
}
