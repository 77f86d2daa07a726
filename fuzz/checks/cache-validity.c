/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares the stamps of a cache document with the fake host. */
#include <config.h>

#include "checks/cache-validity.h"

#include <libxml/parser.h>

#include "checks/xml-elements.h"
#include "cpu/cpu.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

static gboolean
is_text(const xmlNode *root, const char *name, const char *expected)
{
    g_autofree char *text = cp_xml_text(cp_xml_child(root, name));

    return STREQ(text ? text : "", expected);
}

/* A missing element, and text that is not a number, count as zero. */
static gboolean
is_number(const xmlNode *root, const char *name, gint64 expected)
{
    g_autofree char *text = cp_xml_text(cp_xml_child(root, name));
    char *end = NULL;
    gint64 number = text ? g_ascii_strtoll(text, &end, 10) : 0;

    return (end && *end ? 0 : number) == expected;
}

static gboolean
has_flag(const xmlNode *root, const char *name)
{
    CP_XML_EACH(node, root, "flag")
    {
        g_autofree char *value = cp_xml_attribute(node, "name");

        if (STREQ_NULLABLE(value, name))
            return TRUE;
    }
    return FALSE;
}

/* --- CPU data --- */

#define REGISTERS 4

static guint
number_of(const xmlNode *node, const char *name)
{
    g_autofree char *value = cp_xml_attribute(node, name);

    return value ? strtoul(value, NULL, 0) : 0;
}

/* Returns the leaves of a <cpudata>: kind and index -> values of the registers. The values of several elements for
 * one leaf are combined with OR. */
static GHashTable *
read_leaves(const xmlNode *cpudata)
{
    static const char *const registers[REGISTERS] = { "eax", "ebx", "ecx", "edx" };
    GHashTable *leaves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (const xmlNode *node = cpudata->children; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || STREQ((const char *)node->name, "alias"))
            continue;

        g_autofree char *key = NULL;

        if (STREQ((const char *)node->name, "cpuid"))
            key = g_strdup_printf("cpuid %x %x", number_of(node, "eax_in"), number_of(node, "ecx_in"));
        else
            key = g_strdup_printf("msr %x", number_of(node, "index"));

        guint *values = g_hash_table_lookup(leaves, key);

        if (!values) {
            values = g_new0(guint, REGISTERS);
            g_hash_table_insert(leaves, g_steal_pointer(&key), values);
        }
        for (guint i = 0; i < REGISTERS; i++)
            values[i] |= number_of(node, registers[i]);
    }
    return leaves;
}

static gboolean
same_leaves(const xmlNode *one, const xmlNode *other)
{
    g_autoptr(GHashTable) leaves = read_leaves(one);
    g_autoptr(GHashTable) other_leaves = read_leaves(other);

    if (g_hash_table_size(leaves) != g_hash_table_size(other_leaves))
        return FALSE;

    GHashTableIter iter;
    gpointer key;
    gpointer values;

    g_hash_table_iter_init(&iter, leaves);
    while (g_hash_table_iter_next(&iter, &key, &values)) {
        const guint *other_values = g_hash_table_lookup(other_leaves, key);

        if (!other_values || memcmp(values, other_values, REGISTERS * sizeof(guint)) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
same_cpu(const xmlNode *root)
{
    const xmlNode *cpudata = cp_xml_child(root, "cpudata");
    g_autofree char *arch = cpudata ? cp_xml_attribute(cpudata, "arch") : NULL;

    if (STRNEQ_NULLABLE(arch, "x86"))
        return FALSE;

    g_autofree char *host = virCPUDataFormat(cp_fake_host_cpu());
    g_autoptr(xmlDoc) document = xmlReadMemory(host, strlen(host), NULL, NULL, XML_PARSE_NONET);

    return same_leaves(xmlDocGetRootElement(document), cpudata);
}

/* --- the rule --- */

static gboolean
can_accelerate(const xmlNode *root)
{
    return is_text(root, "arch", "x86_64") || is_text(root, "arch", "i686");
}

static gboolean
is_denied(const xmlNode *root)
{
    return cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY && can_accelerate(root) && !has_flag(root, "kvm");
}

static gboolean
same_accelerator(const xmlNode *root)
{
    if (!can_accelerate(root))
        return TRUE;

    gboolean kvm = has_flag(root, "kvm");

    if (cp_fake_installation.kvm == (kvm ? CP_FAKE_KVM_ABSENT : CP_FAKE_KVM_USABLE))
        return FALSE;

    g_autofree char *kernel =
        g_strdup_printf("%s %s", cp_fake_installation.kernel_release, cp_fake_installation.kernel_version);

    if ((kvm || has_flag(root, "hvf")) && (!is_text(root, "hostCPUSignature", cp_fake_installation.signature) ||
                                           !is_number(root, "microcodeVersion", cp_fake_installation.microcode) ||
                                           !is_text(root, "kernelVersion", kernel) || !same_cpu(root)))
        return FALSE;
    return !kvm || (!!cp_xml_child(root, "kvmSupportsNesting") == cp_fake_installation.nested &&
                    !!cp_xml_child(root, "kvmSupportsSecureGuest") == cp_fake_installation.secure_guest);
}

static CpCacheValidity
compare(const xmlNode *root)
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
cp_cache_validity_compare(const char *document, gsize length)
{
    g_autoptr(xmlDoc) parsed = xmlReadMemory(document, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
    const xmlNode *root = parsed ? xmlDocGetRootElement(parsed) : NULL;

    return root ? compare(root) : CP_CACHE_VALIDITY_DIFFER;
}
