/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine types that a host has, by what libvirt says of it. Runs in the sandbox's init. */
#include "run/machines.h"

#include <string.h>

#include <libxml/parser.h>

static void
machine_free(gpointer data)
{
    CpMachine *machine = data;
    g_free(machine->emulator);
    g_free(machine->arch);
    g_free(machine->name);
    g_free(machine->virttype);
    g_free(machine);
}

/* Returns the first element of this name among `node` and its later siblings, or NULL. */
static xmlNode *
next_named(xmlNode *node, const char *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || !g_str_equal((const char *)node->name, name)))
        node = node->next;
    return node;
}

static char *
text_of(xmlNode *node)
{
    xmlChar *text = node ? xmlNodeGetContent(node) : NULL;
    char *copy = g_strdup(text ? (const char *)text : "");
    xmlFree(text);
    return copy;
}

static char *
attribute_of(xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, BAD_CAST name);
    char *copy = g_strdup(value ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

/* Adds the machine types of a virtualization type, <domain>. It has an emulator and machine types of its own only if they
 * are not those of its architecture. */
static void
add_domain(GPtrArray *machines, xmlNode *arch, xmlNode *domain)
{
    xmlNode *own_emulator = next_named(domain->children, "emulator"), *own = next_named(domain->children, "machine");
    xmlNode *emulator = own_emulator ? own_emulator : next_named(arch->children, "emulator");
    xmlNode *node = own ? own : next_named(arch->children, "machine");
    for (; node; node = next_named(node->next, "machine")) {
        if (xmlHasProp(node, BAD_CAST "canonical"))
            continue;
        CpMachine *machine = g_new0(CpMachine, 1);
        machine->emulator = text_of(emulator);
        machine->arch = attribute_of(arch, "name");
        machine->name = text_of(node);
        machine->virttype = attribute_of(domain, "type");
        g_ptr_array_add(machines, machine);
    }
}

GPtrArray *
cp_machines_parse(const char *capabilities)
{
    GPtrArray *machines = g_ptr_array_new_with_free_func(machine_free);
    xmlDoc *document = xmlReadMemory(capabilities, strlen(capabilities), NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    for (xmlNode *guest = root ? next_named(root->children, "guest") : NULL; guest;
         guest = next_named(guest->next, "guest")) {
        for (xmlNode *arch = next_named(guest->children, "arch"); arch; arch = next_named(arch->next, "arch")) {
            for (xmlNode *domain = next_named(arch->children, "domain"); domain;
                 domain = next_named(domain->next, "domain"))
                add_domain(machines, arch, domain);
        }
    }
    xmlFreeDoc(document);
    return machines;
}

void
cp_machines_parse_choice(const char *domain_capabilities, char **emulator, char **arch)
{
    xmlDoc *document = xmlReadMemory(domain_capabilities, strlen(domain_capabilities), NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    xmlNode *path = root ? next_named(root->children, "path") : NULL;
    xmlNode *name = root ? next_named(root->children, "arch") : NULL;
    *emulator = path ? text_of(path) : NULL;
    *arch = name ? text_of(name) : NULL;
    xmlFreeDoc(document);
}
