/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stamps: what libvirt compares to find out whether its cache is valid. Runs in the sandbox's init. */
#include "run/host/stamps.h"

#include <libxml/parser.h>

#include "run/host/cached-document.h"
#include "run/host/host-facts.h"

static void
set_time(JsonObject *object, const char *name, gint64 s)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, s);
    json_object_set_string_member(object, name, text);
}

static JsonObject *
describe_host(const CpHost *host, const char *emulator)
{
    JsonObject *object = json_object_new();
    g_autofree char *driver = cp_host_facts_find_driver(host, NULL);
    struct stat st;
    if (stat(host->module_dir, &st) == 0)
        set_time(object, "module_dir", st.st_mtim.tv_sec);
    if (stat(emulator, &st) == 0)
        set_time(object, "emulator", st.st_ctim.tv_sec);
    if (driver && stat(driver, &st) == 0)
        set_time(object, "libvirt", st.st_ctim.tv_sec);
    json_object_set_string_member(object, "kvm",
                                  stat("/dev/kvm", &st) < 0     ? "absent"
                                  : (st.st_mode & 0006) == 0006 ? "usable"
                                                                : "restricted");
    return object;
}

/* The elements of a cache file that are stamps, and what they are called here. */
static const struct {
    const char *element, *name;
} elements[] = { { "qemumoddirmtime", "module_dir" }, { "qemuctime", "emulator" }, { "selfctime", "libvirt" } };

static void
take_element(JsonObject *object, const xmlNode *node)
{
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (!xmlStrEqual(node->name, BAD_CAST elements[i].element))
            continue;
        xmlChar *text = xmlNodeGetContent(node);
        json_object_set_string_member(object, elements[i].name, (const char *)text);
        xmlFree(text);
    }
    xmlChar *flag = xmlStrEqual(node->name, BAD_CAST "flag") ? xmlGetProp(node, BAD_CAST "name") : NULL;
    if (xmlStrEqual(flag, BAD_CAST "kvm"))
        json_object_set_string_member(object, "kvm", "usable");
    xmlFree(flag);
}

/* Returns NULL if there is no cache file that can be read. */
static JsonObject *
describe_cached(const CpHost *host, const char *emulator)
{
    g_autofree char *path = cp_cached_document_path(host->cache_dir, emulator);
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!document)
        return NULL;
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "kvm", "absent");
    for (const xmlNode *node = xmlDocGetRootElement(document)->children; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            take_element(object, node);
    }
    xmlFreeDoc(document);
    return object;
}

JsonObject *
cp_stamps_describe(const CpHost *host, const char *emulator)
{
    JsonObject *object = json_object_new(), *cached = describe_cached(host, emulator);
    json_object_set_object_member(object, "host", describe_host(host, emulator));
    if (cached)
        json_object_set_object_member(object, "cached", cached);
    else
        json_object_set_null_member(object, "cached");
    return object;
}
