/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/reference-reader.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "cpu/cpu.h"
#include "world/fake-host.h"
#include "qemu/qemu_capspriv.h"

const CpReferenceAccelerator cp_reference_accelerators[] = {
    { VIR_DOMAIN_VIRT_KVM, "kvm", QEMU_CAPS_KVM },
    { VIR_DOMAIN_VIRT_HVF, "hvf", QEMU_CAPS_HVF },
    { VIR_DOMAIN_VIRT_QEMU, "tcg", -1 },
};

G_STATIC_ASSERT(G_N_ELEMENTS(cp_reference_accelerators) == CP_REFERENCE_ACCELERATORS);

/* --- the tree --- */

/* The first element @name from @node on, among siblings. */
static xmlNode *
element_from(xmlNode *node, const char *name)
{
    while (node && !(node->type == XML_ELEMENT_NODE && STREQ((const char *)node->name, name)))
        node = node->next;
    return node;
}

#define EACH(child, parent, name)                                                                                      \
    for ((child) = element_from((parent)->children, (name)); (child); (child) = element_from((child)->next, (name)))

static xmlNode *
element_in(xmlNode *parent, const char *name)
{
    return parent ? element_from(parent->children, name) : NULL;
}

/* The first @name in any @group. */
static xmlNode *
element_in_groups(xmlNode *root, const char *group, const char *name)
{
    xmlNode *parent;
    xmlNode *child = NULL;

    EACH(parent, root, group)
    {
        if ((child = element_in(parent, name)))
            break;
    }
    return child;
}

static char *
attribute_of(xmlNode *node, const char *name)
{
    return (char *)xmlGetNoNsProp(node, BAD_CAST name);
}

/* NULL where there is none. */
static char *
text_of(xmlNode *node)
{
    g_autofree char *text = node ? (char *)xmlNodeGetContent(node) : NULL;

    return text && *text ? g_steal_pointer(&text) : NULL;
}

/* --- values --- */

static void G_GNUC_PRINTF(2, 3) state(CpReference *facts, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(facts->text, format, arguments);
    va_end(arguments);
    g_string_append_c(facts->text, '\n');
}

/* Numbers that libvirt's functions for all sizes take are taken here, and those that none takes are not. */
static void
state_number(CpReference *facts, const char *name, const char *value)
{
    size_t digits = value ? strspn(value, "0123456789") : 0;

    if (!value || strspn(value, "0123456789+- \t\n\v\f\r") < strlen(value) || !*value)
        facts->refused = TRUE;
    else if (value[digits] || strtoull(value, NULL, 10) > INT_MAX)
        facts->unsure = TRUE;
    else
        state(facts, "%s %llu", name, strtoull(value, NULL, 10));
}

static void
state_yes_no(CpReference *facts, const char *name, const char *value)
{
    if (STRNEQ_NULLABLE(value, "yes") && STRNEQ_NULLABLE(value, "no"))
        facts->refused = TRUE;
    state(facts, "%s %s", name, value);
}

static void
state_required(CpReference *facts, const char *name, const char *value)
{
    if (!value)
        facts->refused = TRUE;
    state(facts, "%s %s", name, value);
}

static void
state_optional(CpReference *facts, const char *name, const char *value)
{
    if (value)
        state(facts, "%s %s", name, value);
}

/* --- what is said without regard to an accelerator --- */

/* Whether libvirt must take the document for another libvirt's. */
static gboolean
is_stale(xmlNode *root)
{
    g_autofree char *ctime = text_of(element_in(root, "selfctime"));
    g_autofree char *version = text_of(element_in(root, "selfvers"));

    return ctime && version &&
           (atoll(ctime) != CP_FAKE_HOST_SELF_CTIME || strtoull(version, NULL, 10) != LIBVIR_VERSION_NUMBER);
}

static void
read_number(CpReference *facts, xmlNode *root, const char *name)
{
    g_autofree char *text = text_of(element_in(root, name));

    state_number(facts, name, text);
}

static void
read_flags(CpReference *facts, xmlNode *root)
{
    xmlNode *node;
    size_t i;

    EACH(node, root, "flag")
    {
        g_autofree char *name = attribute_of(node, "name");
        int flag = name ? virQEMUCapsTypeFromString(name) : -1;

        if (flag < 0)
            facts->refused = TRUE;
        else
            facts->flags[flag] = TRUE;
    }
    for (i = 0; i < QEMU_CAPS_LAST; i++) {
        if (facts->flags[i])
            state(facts, "flag %zu", i);
    }
}

static void
read_texts(CpReference *facts, xmlNode *root)
{
    xmlNode *package = element_in(root, "package");
    xmlNode *kernel = element_in(root, "kernelVersion");
    g_autofree char *signature = text_of(element_in(root, "hostCPUSignature"));
    g_autofree char *package_text = text_of(package);
    g_autofree char *kernel_text = text_of(kernel);

    state_optional(facts, "signature", signature);
    if (package)
        state(facts, "package %s", package_text ? package_text : "");
    if (kernel)
        state_required(facts, "kernel", kernel_text);
    if (element_in(root, "kvmSupportsNesting"))
        state(facts, "nesting");
    if (element_in(root, "kvmSupportsSecureGuest"))
        state(facts, "secure guest");
}

static void
read_arch(CpReference *facts, xmlNode *root)
{
    g_autofree char *name = text_of(element_in(root, "arch"));

    facts->arch = name ? virArchFromString(name) : VIR_ARCH_NONE;
    if (facts->arch == VIR_ARCH_NONE)
        facts->refused = TRUE;
    state(facts, "arch %d", facts->arch);
}

static void
read_cpudata(CpReference *facts, xmlNode *root)
{
    xmlNode *node = element_in(root, "cpudata");
    g_autoptr(virCPUData) data = node ? virCPUDataParseNode(node) : NULL;
    g_autofree char *text = data ? virCPUDataFormat(data) : NULL;

    if (node && !data)
        facts->refused = TRUE;
    state_optional(facts, "cpudata", text);
}

static void
read_gic(CpReference *facts, xmlNode *root)
{
    xmlNode *node;

    EACH(node, root, "gic")
    {
        g_autofree char *version = attribute_of(node, "version");
        g_autofree char *kernel = attribute_of(node, "kernel");
        g_autofree char *emulated = attribute_of(node, "emulated");

        state_number(facts, "gic", version);
        state_yes_no(facts, " kernel", kernel);
        state_yes_no(facts, " emulated", emulated);
    }
}

static void
read_sev(CpReference *facts, xmlNode *root)
{
    static const char *const numbers[] = { "cbitpos", "reducedPhysBits" };
    static const char *const texts[] = { "pdh", "certChain" };
    size_t i;

    if (!facts->flags[QEMU_CAPS_SEV_GUEST])
        return;
    for (i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *value = text_of(element_in_groups(root, "sev", numbers[i]));

        state_number(facts, numbers[i], value);
    }
    for (i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *value = text_of(element_in_groups(root, "sev", texts[i]));

        state_required(facts, texts[i], value);
    }
}

static void
read_sgx(CpReference *facts, xmlNode *root)
{
    static const char *const features[] = { "flc", "sgx1", "sgx2" };
    g_autofree char *size = NULL;
    xmlNode *sections;
    xmlNode *node;
    size_t i;

    if (!facts->flags[QEMU_CAPS_SGX_EPC])
        return;
    for (i = 0; i < G_N_ELEMENTS(features); i++) {
        g_autofree char *value = text_of(element_in_groups(root, "sgx", features[i]));

        state_yes_no(facts, features[i], value);
    }
    size = text_of(element_in_groups(root, "sgx", "section_size"));
    state_number(facts, "section size", size);
    if (!(sections = element_in_groups(root, "sgx", "sections")))
        return;
    EACH(node, sections, "section")
    {
        g_autofree char *number = attribute_of(node, "node");
        g_autofree char *own_size = attribute_of(node, "size");

        state_number(facts, "section", number);
        state_number(facts, " size", own_size);
    }
}

static void
read_hyperv(CpReference *facts, xmlNode *root)
{
    xmlNode *first = element_in(root, "hypervCapabilities");
    gboolean caps[VIR_DOMAIN_HYPERV_LAST] = { FALSE };
    g_autofree char *supported = NULL;
    xmlNode *group;
    xmlNode *node;
    size_t i;

    if (!first)
        return;
    supported = attribute_of(first, "supported");
    state_yes_no(facts, "hyperv", supported);
    EACH(group, root, "hypervCapabilities")
    {
        EACH(node, group, "cap")
        {
            g_autofree char *name = attribute_of(node, "name");
            int cap = name ? virDomainHypervTypeFromString(name) : -1;

            if (cap < 0)
                facts->refused = TRUE;
            else
                caps[cap] = TRUE;
        }
    }
    for (i = 0; i < G_N_ELEMENTS(caps); i++) {
        if (caps[i])
            state(facts, " cap %zu", i);
    }
}

/* --- what is said of an accelerator --- */

static gboolean
is_for(xmlNode *node, const char *accelerator)
{
    g_autofree char *type = attribute_of(node, "type");

    return STREQ_NULLABLE(type, accelerator);
}

static void
read_property(CpReference *facts, xmlNode *node)
{
    g_autofree char *name = attribute_of(node, "name");
    g_autofree char *type = attribute_of(node, "type");
    g_autofree char *value = attribute_of(node, "value");
    g_autofree char *migratable = attribute_of(node, "migratable");
    int kind = type ? qemuMonitorCPUPropertyTypeFromString(type) : -1;

    state_required(facts, " property", name);
    if (kind < 0)
        facts->refused = TRUE;
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_BOOLEAN)
        state(facts, "  boolean %d", STREQ_NULLABLE(value, "true"));
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_STRING)
        state_required(facts, "  string", value);
    else
        state_number(facts, "  number", value);
    if (migratable)
        state_yes_no(facts, "  migratable", migratable);
}

static void
read_host_cpu(CpReference *facts, xmlNode *root, const char *accelerator)
{
    xmlNode *host;
    xmlNode *node;

    EACH(host, root, "hostCPU")
    {
        g_autofree char *model = attribute_of(host, "model");
        g_autofree char *migratability = attribute_of(host, "migratability");

        if (!is_for(host, accelerator))
            continue;
        state_required(facts, "host", model);
        state_yes_no(facts, " migratability", migratability);
        EACH(node, host, "property")
        read_property(facts, node);
        /* Not every version knows them. */
        EACH(node, host, "deprecatedFeatures")
        facts->unsure = TRUE;
        break;
    }
}

int
cp_reference_compare(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

char *
cp_reference_model(const char *name, int usable, gboolean deprecated, const char *blockers)
{
    g_auto(GStrv) names = g_strsplit(blockers, " ", -1);
    g_autoptr(GString) line = g_string_new(NULL);
    size_t i;

    g_string_printf(line, "model %s, usable %d, deprecated %d, blockers", name, usable, deprecated);
    qsort(names, g_strv_length(names), sizeof(*names), cp_reference_compare);
    for (i = 0; names[i]; i++) {
        if (i == 0 || STRNEQ(names[i], names[i - 1]))
            g_string_append_printf(line, " %s", names[i]);
    }
    return g_string_free(g_steal_pointer(&line), FALSE);
}

/* Appends the CPU models of @accelerator to @models. */
static void
read_models(CpReference *facts, xmlNode *root, const char *accelerator, GPtrArray *models)
{
    xmlNode *cpu;
    xmlNode *node;

    EACH(cpu, root, "cpu")
    {
        g_autofree char *name = attribute_of(cpu, "name");
        g_autofree char *typename = attribute_of(cpu, "typename");
        g_autofree char *usable = attribute_of(cpu, "usable");
        g_autofree char *deprecated = attribute_of(cpu, "deprecated");
        g_autoptr(GString) blockers = g_string_new(NULL);
        int value = usable ? virDomainCapsCPUUsableTypeFromString(usable) : VIR_DOMCAPS_CPU_USABLE_UNKNOWN;

        if (!is_for(cpu, accelerator))
            continue;
        if (value < 0)
            facts->refused = TRUE;
        state_required(facts, "cpu", name);
        state_optional(facts, " typename", typename);
        EACH(node, cpu, "blocker")
        {
            g_autofree char *feature = attribute_of(node, "name");

            if (feature)
                g_string_append_printf(blockers, "%s ", virQEMUCapsCPUFeatureFromQEMU(facts->arch, feature));
            else
                facts->refused = TRUE;
        }
        g_ptr_array_add(models, cp_reference_model(name, value, STREQ_NULLABLE(deprecated, "yes"), blockers->str));
        state(facts, " %s", (char *)g_ptr_array_index(models, models->len - 1));
    }
}

static void
read_machines(CpReference *facts, xmlNode *root, const char *accelerator)
{
    static const char *const texts[] = { "alias", "defaultCPU", "defaultRAMid" };
    static const char *const switches[] = { "hotplugCpus", "default", "numaMemSupported", "deprecated" };
    xmlNode *node;
    size_t i;

    EACH(node, root, "machine")
    {
        g_autofree char *name = attribute_of(node, "name");
        g_autofree char *cpus = attribute_of(node, "maxCpus");

        if (!is_for(node, accelerator))
            continue;
        state_required(facts, "machine", name);
        state_number(facts, " cpus", cpus ? cpus : "0");
        for (i = 0; i < G_N_ELEMENTS(texts); i++) {
            g_autofree char *value = attribute_of(node, texts[i]);

            state_optional(facts, texts[i], value);
        }
        for (i = 0; i < G_N_ELEMENTS(switches); i++) {
            g_autofree char *value = attribute_of(node, switches[i]);

            /* Newer versions refuse what is neither; older ones take it for no. */
            if (value && STRNEQ(value, "yes") && STRNEQ(value, "no"))
                facts->unsure = TRUE;
            if (STREQ_NULLABLE(value, "yes"))
                state(facts, " %s", switches[i]);
        }
        if (xmlHasProp(node, BAD_CAST "acpi"))
            facts->unsure = TRUE;
    }
}

gboolean
cp_reference_has_accelerator(const CpReference *facts, size_t accelerator)
{
    int flag = cp_reference_accelerators[accelerator].flag;

    return flag < 0 || facts->flags[flag];
}

static void
read_document(CpReference *facts, xmlNode *root)
{
    static const char *const numbers[] = { "selfctime",       "selfvers", "qemuctime", "version",
#ifdef CP_HAVE_GET_KVM_VERSION
                                           "kvmVersion",
#endif
                                           "microcodeVersion" };
    size_t i;

    facts->emulator = text_of(element_in(root, "emulator"));
    facts->stale = is_stale(root);
    for (i = 0; i < G_N_ELEMENTS(numbers); i++)
        read_number(facts, root, numbers[i]);
    read_flags(facts, root);
    read_texts(facts, root);
    read_arch(facts, root);
    read_cpudata(facts, root);
    for (i = 0; i < CP_REFERENCE_ACCELERATORS; i++) {
        const char *name = cp_reference_accelerators[i].name;

        if (cp_reference_has_accelerator(facts, i)) {
            state(facts, "accelerator %s", name);
            read_host_cpu(facts, root, name);
            read_models(facts, root, name, facts->models[i]);
            read_machines(facts, root, name);
        }
    }
    read_gic(facts, root);
    read_sev(facts, root);
    read_sgx(facts, root);
    read_hyperv(facts, root);
}

CpReference *
cp_reference_read(const char *document, size_t length)
{
    CpReference *facts = g_new0(CpReference, 1);
    xmlDoc *tree =
        length > 0 ? xmlReadMemory(document, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING) : NULL;
    xmlNode *root = tree ? xmlDocGetRootElement(tree) : NULL;
    size_t i;

    facts->text = g_string_new(NULL);
    for (i = 0; i < CP_REFERENCE_ACCELERATORS; i++)
        facts->models[i] = g_ptr_array_new_with_free_func(g_free);
    facts->well_formed = root && STREQ((const char *)root->name, "qemuCaps");
    facts->plain = facts->well_formed && !tree->intSubset && !memmem(document, length, "xmlns", strlen("xmlns"));
    if (facts->plain)
        read_document(facts, root);
    if (tree)
        xmlFreeDoc(tree);
    return facts;
}

void
cp_reference_free(CpReference *facts)
{
    size_t i;

    for (i = 0; i < CP_REFERENCE_ACCELERATORS; i++)
        g_ptr_array_unref(facts->models[i]);
    g_string_free(facts->text, TRUE);
    g_free(facts->emulator);
    g_free(facts);
}
