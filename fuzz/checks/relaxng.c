/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Validates a document with libvirt's RelaxNG schema. */
#include "checks/relaxng.h"

#include <glib.h>
#include <libxml/relaxng.h>

#include "world/fake-host.h"

static xmlRelaxNG *schema;

void
cp_relaxng_init(void)
{
    if (schema)
        return;

    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt(CP_FAKE_HOST_SCHEMAS "/domaincaps.rng");

    schema = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    if (!schema)
        g_error("libxml2 refuses libvirt's schema for domain capabilities");
}

/* Keeps the first error: later ones are usually consequences of it. */
static void
keep_error(void *data, xmlError *error)
{
    char **complaint = data;

    if (!*complaint)
        *complaint = g_strchomp(g_strdup_printf("line %d: %s", error->line, error->message));
}

char *
cp_relaxng_complaint(xmlDoc *document)
{
    xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(schema);
    char *complaint = NULL;

    xmlRelaxNGSetValidStructuredErrors(validator, keep_error, &complaint);
    if (xmlRelaxNGValidateDoc(validator, document) != 0 && !complaint)
        complaint = g_strdup("it is not valid");
    xmlRelaxNGFreeValidCtxt(validator);
    return complaint;
}
