/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "checks/cache-validity.h"

#include <libxml/parser.h>

#include "cpu/cpu.h"

#include "world/fake-host.h"
#include "world/fake-installation.h"

static xmlNodePtr
child_of(xmlNodePtr parent, const char *name)
{
    xmlNodePtr node;

    for (node = parent->children; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && !node->ns && STREQ((const char *)node->name, name))
            return node;
    }
    return NULL;
}

/* The text of the first element @name; empty where there is none. */
static char *
text_of(xmlNodePtr root, const char *name)
{
    xmlNodePtr node = child_of(root, name);
    xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
    char *text = g_strdup(content ? (const char *)content : "");

    xmlFree(content);
    return text;
}

static bool
is_text(xmlNodePtr root, const char *name, const char *expected)
{
    g_autofree char *text = text_of(root, name);

    return STREQ(text, expected);
}

/* What is no number as a whole counts as zero. */
static bool
is_number(xmlNodePtr root, const char *name, int64_t expected)
{
    g_autofree char *text = text_of(root, name);
    char *end;
    int64_t number = g_ascii_strtoll(text, &end, 10);

    return (*end ? 0 : number) == expected;
}

static bool
has_flag(xmlNodePtr root, const char *name)
{
    xmlNodePtr node;
    bool found = false;

    for (node = root->children; node && !found; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && STREQ((const char *)node->name, "flag")) {
            xmlChar *value = xmlGetNoNsProp(node, BAD_CAST "name");

            found = STREQ_NULLABLE((const char *)value, name);
            xmlFree(value);
        }
    }
    return found;
}

/* --- CPU data --- */

static unsigned int
number_of(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
    unsigned int number = value ? strtoul((const char *)value, NULL, 0) : 0;

    xmlFree(value);
    return number;
}

/* The leaves by their kind and index: what is said of one of them in several places counts together. */
static GHashTable *
leaves_of(xmlNodePtr cpudata)
{
    static const char *const registers[] = { "eax", "ebx", "ecx", "edx" };
    GHashTable *leaves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    xmlNodePtr node;
    size_t i;

    for (node = cpudata->children; node; node = node->next) {
        g_autofree char *key = NULL;
        unsigned int *values;

        if (node->type != XML_ELEMENT_NODE || STREQ((const char *)node->name, "alias"))
            continue;
        if (STREQ((const char *)node->name, "cpuid"))
            key = g_strdup_printf("cpuid %x %x", number_of(node, "eax_in"), number_of(node, "ecx_in"));
        else
            key = g_strdup_printf("msr %x", number_of(node, "index"));
        if (!(values = g_hash_table_lookup(leaves, key))) {
            values = g_new0(unsigned int, G_N_ELEMENTS(registers));
            g_hash_table_insert(leaves, g_steal_pointer(&key), values);
        }
        for (i = 0; i < G_N_ELEMENTS(registers); i++)
            values[i] |= number_of(node, registers[i]);
    }
    return leaves;
}

static bool
same_leaves(xmlNodePtr one, xmlNodePtr two)
{
    g_autoptr(GHashTable) leaves = leaves_of(one);
    g_autoptr(GHashTable) others = leaves_of(two);
    GHashTableIter iter;
    gpointer key;
    gpointer values;

    if (g_hash_table_size(leaves) != g_hash_table_size(others))
        return false;
    g_hash_table_iter_init(&iter, leaves);
    while (g_hash_table_iter_next(&iter, &key, &values)) {
        const void *other = g_hash_table_lookup(others, key);

        if (!other || memcmp(values, other, 4 * sizeof(unsigned int)) != 0)
            return false;
    }
    return true;
}

static bool
same_cpu(xmlNodePtr root)
{
    g_autofree char *host = virCPUDataFormat(cp_fake_host_cpu());
    xmlDocPtr document = xmlReadMemory(host, strlen(host), NULL, NULL, XML_PARSE_NONET);
    xmlNodePtr cpudata = child_of(root, "cpudata");
    xmlChar *arch = cpudata ? xmlGetNoNsProp(cpudata, BAD_CAST "arch") : NULL;
    bool same = STREQ_NULLABLE((const char *)arch, "x86") && same_leaves(xmlDocGetRootElement(document), cpudata);

    xmlFree(arch);
    xmlFreeDoc(document);
    return same;
}

/* --- all of them --- */

static bool
can_accelerate(xmlNodePtr root)
{
    return is_text(root, "arch", "x86_64") || is_text(root, "arch", "i686");
}

static bool
is_denied(xmlNodePtr root)
{
    return cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY && can_accelerate(root) && !has_flag(root, "kvm");
}

static bool
same_accelerator(xmlNodePtr root)
{
    g_autofree char *kernel =
        g_strdup_printf("%s %s", cp_fake_installation.kernel_release, cp_fake_installation.kernel_version);
    bool kvm = has_flag(root, "kvm");

    if (!can_accelerate(root))
        return true;
    if (cp_fake_installation.kvm == (kvm ? CP_FAKE_KVM_ABSENT : CP_FAKE_KVM_USABLE))
        return false;
    if ((kvm || has_flag(root, "hvf")) && (!is_text(root, "hostCPUSignature", cp_fake_installation.signature) ||
                                           !is_number(root, "microcodeVersion", cp_fake_installation.microcode) ||
                                           !is_text(root, "kernelVersion", kernel) || !same_cpu(root)))
        return false;
    return !kvm || (!!child_of(root, "kvmSupportsNesting") == cp_fake_installation.nested &&
                    !!child_of(root, "kvmSupportsSecureGuest") == cp_fake_installation.secure_guest);
}

static CpCacheValidity
compare(xmlNodePtr root)
{
    if (!is_text(root, "emulator", CP_FAKE_EMULATOR) ||
        !is_number(root, "qemuctime", cp_fake_installation.emulator_ctime) ||
        !is_number(root, "selfctime", CP_FAKE_HOST_SELF_CTIME) || !is_number(root, "selfvers", LIBVIR_VERSION_NUMBER) ||
        !same_accelerator(root))
        return CP_CACHE_VALIDITY_DIFFER;
    if (!cp_fake_installation.module_directory && !is_number(root, "qemumoddirmtime", 0))
        return CP_CACHE_VALIDITY_VANISHED;
    if (cp_fake_installation.module_directory && !is_number(root, "qemumoddirmtime", cp_fake_installation.module_mtime))
        return CP_CACHE_VALIDITY_DIFFER;
    return is_denied(root) ? CP_CACHE_VALIDITY_DENIED : CP_CACHE_VALIDITY_MATCH;
}

CpCacheValidity
cp_cache_validity_compare(const char *document, size_t length)
{
    xmlDocPtr parsed = xmlReadMemory(document, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
    xmlNodePtr root = parsed ? xmlDocGetRootElement(parsed) : NULL;
    CpCacheValidity result = root ? compare(root) : CP_CACHE_VALIDITY_DIFFER;

    xmlFreeDoc(parsed);
    return result;
}
