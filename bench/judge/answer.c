/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of libvirt: its canonical form, and the facts in it. */
#include "judge/answer.h"

#include <string.h>

#include <libxml/c14n.h>
#include <libxml/parser.h>

#include "base/text.h"

static char *
join(const char *path, const char *word)
{
    return !*word ? g_strdup(path) : !*path ? g_strdup(word) : g_strconcat(path, " ", word, NULL);
}

/* Returns the attribute that names an element among others of its kind; NULL if it has none. */
static const xmlAttr *
naming_attribute(const xmlNode *node)
{
    const xmlAttr *name = xmlHasNsProp(node, BAD_CAST "name", NULL);
    return name ? name : xmlHasNsProp(node, BAD_CAST "model", NULL);
}

static char *
value_of(const xmlAttr *attribute)
{
    xmlChar *value = xmlNodeListGetString(attribute->doc, attribute->children, 1);
    char *copy = g_strdup(value ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

/* Returns the words for an element in a fact: its name and that of its naming attribute. Elements that only group
 * others have none. */
static char *
label_of(const xmlNode *node, const xmlAttr *naming)
{
    static const char *const groups[] = {
        "domainCapabilities", "qemuCaps", "devices", "features", "enum", "value", NULL
    };
    const char *kind = g_strv_contains(groups, (const char *)node->name) ? "" : (const char *)node->name;
    g_autofree char *name = naming ? value_of(naming) : g_strdup("");
    return join(kind, name);
}

/* Adds the facts of an element and of all below it. `above` are the words for the elements around it. */
static void
collect(const xmlNode *node, const char *above, GPtrArray *facts)
{
    const xmlAttr *naming = naming_attribute(node);
    g_autofree char *label = label_of(node, naming);
    g_autofree char *path = join(above, label);
    /* If the element has text, its attributes describe that text: for example, that a CPU model is usable. */
    const xmlNode *text = node->children && node->children->type == XML_TEXT_NODE ? node->children : NULL;
    g_autofree char *subject = join(path, text ? (const char *)text->content : "");
    gboolean has_attributes = FALSE;

    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (attribute == naming)
            continue;
        g_autofree char *value = value_of(attribute);
        g_ptr_array_add(facts, g_strdup_printf("%s %s %s", subject, attribute->name, value));
        has_attributes = TRUE;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            collect(child, path, facts);
        else if (child->type == XML_TEXT_NODE)
            g_ptr_array_add(facts, join(path, (const char *)child->content));
    }
    if (!has_attributes && !node->children && *path)
        g_ptr_array_add(facts, g_strdup(path));
}

/* Removes the UUID of the host from its capabilities: if the firmware has none, libvirt makes up another in each process. */
static void
remove_host_uuid(xmlNode *root)
{
    xmlNode *host = xmlStrEqual(root->name, BAD_CAST "capabilities") ? xmlFirstElementChild(root) : NULL;
    xmlNode *uuid = host && xmlStrEqual(host->name, BAD_CAST "host") ? xmlFirstElementChild(host) : NULL;
    if (uuid && xmlStrEqual(uuid->name, BAD_CAST "uuid")) {
        xmlUnlinkNode(uuid);
        xmlFreeNode(uuid);
    }
}

CpAnswer *
cp_answer_new(const char *text)
{
    CpAnswer *answer = g_new0(CpAnswer, 1);
    answer->facts = g_ptr_array_new_with_free_func(g_free);

    xmlDoc *document = xmlReadMemory(text, strlen(text), NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlChar *canonical = NULL;
    if (document)
        remove_host_uuid(xmlDocGetRootElement(document));
    if (document && xmlC14NDocDumpMemory(document, NULL, XML_C14N_1_0, NULL, 0, &canonical) >= 0) {
        answer->xml = TRUE;
        answer->canonical = g_strdup((const char *)canonical);
        collect(xmlDocGetRootElement(document), "", answer->facts);
        g_ptr_array_sort(answer->facts, cp_text_compare);
    } else {
        answer->canonical = g_strdup(text);
    }
    xmlFree(canonical);
    xmlFreeDoc(document);
    return answer;
}

void
cp_answer_free(CpAnswer *answer)
{
    if (!answer)
        return;
    g_free(answer->canonical);
    g_ptr_array_unref(answer->facts);
    g_free(answer);
}

gboolean
cp_answer_has(const CpAnswer *answer, const char *name, const char *value)
{
    for (guint i = 0; i < answer->facts->len; i++) {
        g_auto(GStrv) words = g_strsplit(answer->facts->pdata[i], " ", -1);
        guint n = g_strv_length(words);
        if (n > 1 && g_str_equal(words[n - 1], value)) {
            g_clear_pointer(&words[n - 1], g_free);
            if (g_strv_contains((const char *const *)words, name))
                return TRUE;
        }
    }
    return FALSE;
}

gboolean
cp_answer_mentions(const CpAnswer *answer, const char *name)
{
    for (guint i = 0; i < answer->facts->len; i++) {
        g_auto(GStrv) words = g_strsplit(answer->facts->pdata[i], " ", -1);
        if (g_strv_contains((const char *const *)words, name))
            return TRUE;
    }
    return FALSE;
}

GStrv
cp_answer_difference(const CpAnswer *truth, const CpAnswer *answer)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    guint t = 0, a = 0;

    if (!answer->xml)
        g_strv_builder_add(lines, "the answer is not XML");
    while (answer->xml && (t < truth->facts->len || a < answer->facts->len)) {
        const char *truth_fact = t < truth->facts->len ? truth->facts->pdata[t] : NULL;
        const char *answer_fact = a < answer->facts->len ? answer->facts->pdata[a] : NULL;
        int order = !truth_fact ? 1 : !answer_fact ? -1 : strcmp(truth_fact, answer_fact);
        if (order != 0) {
            g_autofree char *line =
                g_strdup_printf("%c %s", order < 0 ? '-' : '+', order < 0 ? truth_fact : answer_fact);
            g_strv_builder_add(lines, line);
        }
        t += order <= 0;
        a += order >= 0;
    }
    return g_strv_builder_end(lines);
}
