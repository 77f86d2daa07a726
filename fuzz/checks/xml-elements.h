/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements of a document that libxml2 has parsed. Elements in a namespace are ignored, as libvirt's XPath queries do.
 * */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/** Returns the first element `name` among `node` and the siblings after it, or NULL. */
xmlNode *cp_xml_find(xmlNode *node, const char *name);

/** Returns the first child of `parent` called `name`, or NULL. `parent` may be NULL. */
xmlNode *cp_xml_child(const xmlNode *parent, const char *name);

/** Runs a statement for each child of `parent` called `name`. */
#define CP_XML_EACH(child, parent, name)                                                                               \
    for (xmlNode *child = cp_xml_child((parent), (name)); child; child = cp_xml_find(child->next, (name)))

/** Returns the value of an attribute, or NULL. The caller owns it. */
char *cp_xml_attribute(const xmlNode *node, const char *name);

/** Returns the text of an element, or NULL if it is empty or `node` is NULL. The caller owns it. */
char *cp_xml_text(const xmlNode *node);
