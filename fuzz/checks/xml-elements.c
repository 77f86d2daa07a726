/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds elements, attributes and texts in a document. */
#include "checks/xml-elements.h"

/* libxml2 allocates with malloc() (cp_fault_init()), so its strings can be freed with g_free(). */

xmlNode *
cp_xml_find(xmlNode *node, const char *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || node->ns || !g_str_equal(node->name, name)))
        node = node->next;
    return node;
}

xmlNode *
cp_xml_child(const xmlNode *parent, const char *name)
{
    return parent ? cp_xml_find(parent->children, name) : NULL;
}

char *
cp_xml_attribute(const xmlNode *node, const char *name)
{
    return (char *)xmlGetNoNsProp(node, BAD_CAST name);
}

char *
cp_xml_text(const xmlNode *node)
{
    g_autofree char *text = node ? (char *)xmlNodeGetContent(node) : NULL;

    return text && *text ? g_steal_pointer(&text) : NULL;
}
