/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/answer.h"

#include <string.h>

#include <libxml/c14n.h>
#include <libxml/parser.h>

static char *
join(const char *path, const char *word)
{
    return !*word ? g_strdup(path) : !*path ? g_strdup(word) : g_strconcat(path, " ", word, NULL);
}

/* The attribute that tells an element from others of its kind; NULL where it has none. */
static const xmlAttr *
identity_of(const xmlNode *node)
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

/* How an element is called in a fact: enumerations, modes and such by their names, wrappers not at all. */
static char *
label_of(const xmlNode *node, const xmlAttr *identity)
{
    static const char *const wrappers[] = { "domainCapabilities", "devices", "features", "enum", "value", NULL };
    const char *kind = g_strv_contains(wrappers, (const char *)node->name) ? "" : (const char *)node->name;
    g_autofree char *name = identity ? value_of(identity) : g_strdup("");
    return join(kind, name);
}

static void
collect(const xmlNode *node, const char *above, GPtrArray *facts)
{
    const xmlAttr *identity = identity_of(node);
    g_autofree char *label = label_of(node, identity);
    g_autofree char *path = join(above, label);
    /* What attributes say they say of the text, where there is one: of a CPU model, that it is usable. */
    const xmlNode *text = node->children && node->children->type == XML_TEXT_NODE ? node->children : NULL;
    g_autofree char *subject = join(path, text ? (const char *)text->content : "");
    gboolean said = FALSE;

    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (attribute == identity)
            continue;
        g_autofree char *value = value_of(attribute);
        g_ptr_array_add(facts, g_strdup_printf("%s %s %s", subject, attribute->name, value));
        said = TRUE;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            collect(child, path, facts);
        else if (child->type == XML_TEXT_NODE)
            g_ptr_array_add(facts, join(path, (const char *)child->content));
    }
    if (!said && !node->children && *path)
        g_ptr_array_add(facts, g_strdup(path));
}

static int
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

CpAnswer *
cp_answer_new(const char *text)
{
    CpAnswer *answer = g_new0(CpAnswer, 1);
    answer->facts = g_ptr_array_new_with_free_func(g_free);

    xmlDoc *document = xmlReadMemory(text, strlen(text), NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlChar *canonical = NULL;
    if (document && xmlC14NDocDumpMemory(document, NULL, XML_C14N_1_0, NULL, 0, &canonical) >= 0) {
        answer->xml = TRUE;
        answer->canonical = g_strdup((const char *)canonical);
        collect(xmlDocGetRootElement(document), "", answer->facts);
        g_ptr_array_sort(answer->facts, compare);
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

GStrv
cp_answer_difference(const CpAnswer *truth, const CpAnswer *answer)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    guint t = 0, a = 0;

    if (!answer->xml)
        g_strv_builder_add(lines, "the answer is not XML");
    while (answer->xml && (t < truth->facts->len || a < answer->facts->len)) {
        const char *true_fact = t < truth->facts->len ? truth->facts->pdata[t] : NULL;
        const char *said_fact = a < answer->facts->len ? answer->facts->pdata[a] : NULL;
        int order = !true_fact ? 1 : !said_fact ? -1 : strcmp(true_fact, said_fact);
        if (order != 0) {
            g_autofree char *line = g_strdup_printf("%c %s", order < 0 ? '-' : '+', order < 0 ? true_fact : said_fact);
            g_strv_builder_add(lines, line);
        }
        t += order <= 0;
        a += order >= 0;
    }
    return g_strv_builder_end(lines);
}
