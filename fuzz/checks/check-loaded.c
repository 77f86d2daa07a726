/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares loaded capabilities with what the reference reader finds in the document. */
#include <config.h>

#include "checks/check-loaded.h"

#include "checks/check-host-cpu.h"
#include "checks/reference-reader.h"
#include "driver/property.h"
#include "known/known.h"
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

typedef struct {
    const char *document;
    gsize length;
    virQEMUCaps *caps;
    CpReference *before; /* what the document says */
    CpReference *after;  /* what libvirt saves */
} Saved;

static void
saved_clear(Saved *saved)
{
    g_clear_pointer(&saved->before, cp_reference_free);
    g_clear_pointer(&saved->after, cp_reference_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Saved, saved_clear)

static gboolean
says_the_same(gpointer data)
{
    Saved *saved = data;
    g_autofree char *text = cp_caps_format(saved->caps);

    saved_clear(saved);
    saved->before = cp_reference_read(saved->document, saved->length);
    saved->after = cp_reference_read(text, strlen(text));
    return STREQ(saved->before->text->str, saved->after->text->str);
}

/* What libvirt saves must say the same as the document that it loaded. */
static void
check_saved(virQEMUCaps *caps, const CpReference *reference, const char *document, gsize length)
{
    g_autofree char *text = cp_caps_format(caps);
    g_autoptr(CpReference) after = cp_reference_read(text, strlen(text));

    if (STREQ(reference->text->str, after->text->str))
        return;

    g_auto(Saved) saved = { .document = document, .length = length, .caps = caps };
    CpKnownSet explained = cp_known_explain(says_the_same, &saved);

    if (!explained && STRNEQ(saved.before->text->str, saved.after->text->str))
        cp_property_differs(NULL, "document and what was loaded", saved.before->text->str, saved.after->text->str);
    cp_property_differs(cp_known_show(explained), "document and what was loaded", reference->text->str,
                        after->text->str);
}

static void
check_caps(const CpReference *reference, virArch host, virQEMUCaps *caps)
{
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
        check_saved(caps, reference, document, length);
        check_caps(reference, host, caps);
    }
}
