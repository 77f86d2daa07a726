/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cached document, in a form that can be compared. Runs in the sandbox's init. */
#include "run/host/cached-document.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <string.h>

/* The children of the root that are stamps. kvmSupportsNesting and kvmSupportsSecureGuest are not: answers are made from
 * them. */
static const char *const stamps[] = { "emulator", "qemuctime",     "qemumoddirmtime",  "selfctime",        "selfvers",
                                      "package",  "kernelVersion", "microcodeVersion", "hostCPUSignature", "cpudata",
                                      NULL };

char *
cp_cached_document_path(const char *cache_dir, const char *emulator)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, emulator, -1);
    return g_strdup_printf("%s/%s.xml", cache_dir, digest);
}

static void
remove_stamps(xmlNode *root)
{
    for (xmlNode *node = root->children, *next; node; node = next) {
        next = node->next;
        if (node->type == XML_ELEMENT_NODE && g_strv_contains(stamps, (const char *)node->name)) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
    }
}

/* Whether a line is one stamp and nothing else, in characters that any XML parser accepts. */
static gboolean
is_stamp(const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isprint(line[i]) || line[i] == '&')
            return FALSE;
    }
    for (const char *const *name = stamps; *name; name++) {
        g_autofree char *begin = g_strdup_printf("  <%s>", *name), *end = g_strdup_printf("</%s>", *name);
        gsize before = strlen(begin), after = strlen(end);
        if (length >= before + after && memcmp(line, begin, before) == 0 &&
            memcmp(line + length - after, end, after) == 0)
            return !memchr(line + before, '<', length - before - after);
    }
    return FALSE;
}

gsize
cp_cached_document_skip_stamps(const char *bytes, gsize length)
{
    static const char first[] = "<qemuCaps>\n";
    gsize skipped = sizeof(first) - 1;
    if (length < skipped || memcmp(bytes, first, skipped) != 0)
        return 0;

    const char *end;
    while ((end = memchr(bytes + skipped, '\n', length - skipped)) &&
           is_stamp(bytes + skipped, end - (bytes + skipped)))
        skipped = end + 1 - bytes;
    return skipped;
}

char *
cp_cached_document_canonical(const char *bytes, gsize length)
{
    xmlDoc *document = xmlReadMemory(bytes, length, NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!document)
        return NULL;
    remove_stamps(xmlDocGetRootElement(document));

    xmlChar *text = NULL;
    char *canonical =
        xmlC14NDocDumpMemory(document, NULL, XML_C14N_1_0, NULL, 0, &text) >= 0 ? g_strdup((const char *)text) : NULL;
    xmlFree(text);
    xmlFreeDoc(document);
    return canonical;
}
