/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of libvirt: its canonical form, and the facts in it. */
#include "judge/answer.h"

#include <string.h>

#include <libxml/c14n.h>
#include <libxml/parser.h>

#include "base/text.h"

/* These characters separate the words of a fact. XML cannot contain them. They are shown as blanks. */
#define BELOW "\x1f" /* the word is the name of an element or attribute in what is before it */
#define NAMED "\x1d" /* the word is a value of the element before it, and more follows about that value */
#define VALUE "\x1e" /* the rest is the value of what is before it */
#define SEPARATORS BELOW NAMED VALUE

static char *
join(const char *path, const char *separator, const char *word)
{
    return !*word ? g_strdup(path) : !*path ? g_strdup(word) : g_strconcat(path, separator, word, NULL);
}

static gboolean
is_separator(char c)
{
    return c && strchr(SEPARATORS, c);
}

static int
shown(char c)
{
    return is_separator(c) ? ' ' : (guchar)c;
}

/* Compares facts as they are shown. */
static int
compare_facts(const char *a, const char *b)
{
    while (*a && shown(*a) == shown(*b)) {
        a++;
        b++;
    }
    return shown(*a) - shown(*b);
}

static int
compare_places(gconstpointer a, gconstpointer b)
{
    return compare_facts(*(const char *const *)a, *(const char *const *)b);
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
    return join(kind, NAMED, name);
}

/* Adds the facts of an element and of all below it. `above` are the words for the elements around it. */
static void
collect(const xmlNode *node, const char *above, GPtrArray *facts)
{
    const xmlAttr *naming = naming_attribute(node);
    g_autofree char *label = label_of(node, naming);
    g_autofree char *path = join(above, BELOW, label);
    /* If the element has text, its attributes describe that text: for example, that a CPU model is usable. */
    const xmlNode *text = node->children && node->children->type == XML_TEXT_NODE ? node->children : NULL;
    g_autofree char *subject = join(path, NAMED, text ? (const char *)text->content : "");
    gboolean has_attributes = FALSE;

    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (attribute == naming)
            continue;
        g_autofree char *value = value_of(attribute);
        g_ptr_array_add(facts, g_strconcat(subject, BELOW, (const char *)attribute->name, VALUE, value, NULL));
        has_attributes = TRUE;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            collect(child, path, facts);
        else if (child->type == XML_TEXT_NODE)
            g_ptr_array_add(facts, join(path, VALUE, (const char *)child->content));
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
        g_ptr_array_sort(answer->facts, compare_places);
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

char *
cp_answer_fact(const CpAnswer *answer, guint i)
{
    return g_strdelimit(g_strdup(answer->facts->pdata[i]), SEPARATORS, ' ');
}

/* Returns the end of the path in a fact. */
static const char *
path_end(const char *fact)
{
    return fact + strcspn(fact, VALUE);
}

/* Returns whether the first `length` bytes of a fact are a path that ends as `path` says. */
static gboolean
ends_with(const char *fact, gsize length, const char *path)
{
    gsize tail = strlen(path);
    if (tail == 0 || tail > length || (tail < length && !is_separator(fact[length - tail - 1])))
        return FALSE;
    for (const char *at = fact + length - tail; *path; at++, path++) {
        if (is_separator(*at) ? *path != '/' : *path != *at)
            return FALSE;
    }
    return TRUE;
}

void
cp_answer_find(const CpAnswer *answer, const char *path, GHashTable *elements)
{
    for (guint i = 0; i < answer->facts->len; i++) {
        const char *fact = answer->facts->pdata[i], *end = path_end(fact), *at = fact;
        while (at < end) {
            at += strcspn(at, SEPARATORS);
            if (ends_with(fact, at - fact, path)) {
                char *element = g_strndup(fact, at - fact);
                g_hash_table_add(elements, g_strdelimit(element, SEPARATORS, '/'));
            }
            at += at < end;
        }
    }
}

/* Returns what follows the path `element` in a fact, from its separator on; NULL if the fact is not about it. */
static const char *
after(const char *fact, const char *element)
{
    gsize length = strlen(element);
    gboolean about = (gsize)(path_end(fact) - fact) >= length && ends_with(fact, length, element) &&
                     (!fact[length] || is_separator(fact[length]));
    return about ? fact + length : NULL;
}

GStrv
cp_answer_values(const CpAnswer *answer, const char *element)
{
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < answer->facts->len; i++) {
        const char *rest = after(answer->facts->pdata[i], element);
        const char *value = rest ? path_end(rest) : "";
        if (*value)
            g_hash_table_add(values, g_strdup(value + 1));
        if (rest && *rest == *NAMED)
            g_hash_table_add(values, g_strndup(rest + 1, strcspn(rest + 1, SEPARATORS)));
    }
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(values, NULL);
    GStrv sorted = g_strdupv(names);
    qsort(sorted, g_strv_length(sorted), sizeof(char *), cp_text_compare);
    return sorted;
}

gboolean
cp_answer_has(const CpAnswer *answer, const char *element, const char *value)
{
    g_auto(GStrv) values = cp_answer_values(answer, element);
    return g_strv_contains((const char *const *)values, value);
}

void
cp_answer_list(const CpAnswer *answer, GHashTable *elements)
{
    for (guint i = 0; i < answer->facts->len; i++) {
        const char *fact = answer->facts->pdata[i];
        g_autofree char *path = g_strndup(fact, path_end(fact) - fact);
        g_auto(GStrv) parts = g_strsplit(path, BELOW, -1);
        guint n = g_strv_length(parts);
        if (n > 0 && !strchr(path, *NAMED) && !g_str_equal(parts[n - 1], "supported"))
            g_hash_table_add(elements, g_strjoinv("/", parts));
    }
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
        int order = !truth_fact ? 1 : !answer_fact ? -1 : compare_facts(truth_fact, answer_fact);
        if (order != 0) {
            g_autofree char *fact = order < 0 ? cp_answer_fact(truth, t) : cp_answer_fact(answer, a);
            g_autofree char *line = g_strdup_printf("%c %s", order < 0 ? '-' : '+', fact);
            g_strv_builder_add(lines, line);
        }
        t += order <= 0;
        a += order >= 0;
    }
    return g_strv_builder_end(lines);
}
