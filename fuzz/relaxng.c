/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "relaxng.h"

#include <glib.h>
#include <libxml/parserInternals.h>
#include <libxml/relaxng.h>
#include <string.h>

#include "host.h"

/* The folder in which the schemas seem to be. */
#define FOLDER "/run/capprobe/"

static xmlRelaxNG *schema;

static xmlParserInput *
load_embedded(const char *url, const char *id G_GNUC_UNUSED, xmlParserCtxt *context)
{
    const CpHostFile *file;
    xmlParserInput *input;

    for (file = cp_host_schemas; file->name; file++) {
        if (g_str_has_prefix(url, FOLDER) && strcmp(url + strlen(FOLDER), file->name) == 0)
            break;
    }
    if (!file->name)
        return NULL;
    input = xmlNewIOInputStream(
        context, xmlParserInputBufferCreateMem(file->data, file->end - file->data, XML_CHAR_ENCODING_NONE),
        XML_CHAR_ENCODING_NONE);
    /* What the schema includes is found beside it. */
    input->filename = (char *)xmlStrdup((const xmlChar *)url);
    return input;
}

void
cp_relaxng_init(void)
{
    xmlExternalEntityLoader loader = xmlGetExternalEntityLoader();
    xmlRelaxNGParserCtxt *parser;

    if (schema)
        return;
    xmlSetExternalEntityLoader(load_embedded);
    parser = xmlRelaxNGNewParserCtxt(FOLDER "domaincaps.rng");
    schema = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    xmlSetExternalEntityLoader(loader);
    if (!schema)
        g_error("libxml2 does not take libvirt's schema for domain capabilities");
}

/* The first complaint is the one that counts: later ones follow from it. */
static void
note(void *data, xmlError *error)
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

    xmlRelaxNGSetValidStructuredErrors(validator, note, &complaint);
    if (xmlRelaxNGValidateDoc(validator, document) != 0 && !complaint)
        complaint = g_strdup("it is not valid");
    xmlRelaxNGFreeValidCtxt(validator);
    return complaint;
}
