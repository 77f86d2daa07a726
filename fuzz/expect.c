/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "caps.h"
#include "cpu/cpu.h"
#include "defects.h"
#include "expect.h"
#include "host.h"
#include "property.h"
#include "qemu/qemu_capspriv.h"
#include "util/virerror.h"

/* A document that is being read. */
typedef struct {
    xmlNode *root;
    GString *facts;   /* one a line */
    gboolean refused; /* the loader must not take it */
    gboolean unsure;  /* it may do so or not, and what it makes of it is its own affair */
    virArch arch;
    gboolean flags[QEMU_CAPS_LAST];
} Reading;

/* What stands in the document for the accelerators that libvirt knows. */
static const struct {
    virDomainVirtType type;
    const char *name;
    int flag; /* without which nothing is loaded for it, or -1 */
} accelerators[] = {
    { VIR_DOMAIN_VIRT_KVM, "kvm", QEMU_CAPS_KVM },
    { VIR_DOMAIN_VIRT_HVF, "hvf", QEMU_CAPS_HVF },
    { VIR_DOMAIN_VIRT_QEMU, "tcg", -1 },
};

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

static void G_GNUC_PRINTF(2, 3) state(Reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(reading->facts, format, arguments);
    va_end(arguments);
    g_string_append_c(reading->facts, '\n');
}

/* Numbers that libvirt's functions for all sizes take are taken here, and those that none takes are not. */
static void
state_number(Reading *reading, const char *name, const char *value)
{
    size_t digits = value ? strspn(value, "0123456789") : 0;

    if (!value || strspn(value, "0123456789+- \t\n\v\f\r") < strlen(value) || !*value)
        reading->refused = TRUE;
    else if (value[digits] || strtoull(value, NULL, 10) > INT_MAX)
        reading->unsure = TRUE;
    else
        state(reading, "%s %llu", name, strtoull(value, NULL, 10));
}

static void
state_yes_no(Reading *reading, const char *name, const char *value)
{
    if (STRNEQ_NULLABLE(value, "yes") && STRNEQ_NULLABLE(value, "no"))
        reading->refused = TRUE;
    state(reading, "%s %s", name, value);
}

static void
state_required(Reading *reading, const char *name, const char *value)
{
    if (!value)
        reading->refused = TRUE;
    state(reading, "%s %s", name, value);
}

static void
state_optional(Reading *reading, const char *name, const char *value)
{
    if (value)
        state(reading, "%s %s", name, value);
}

/* --- what is known without regard to an accelerator --- */

static void
read_number(Reading *reading, const char *name)
{
    g_autofree char *text = text_of(element_in(reading->root, name));

    state_number(reading, name, text);
}

static void
read_flags(Reading *reading)
{
    xmlNode *node;
    size_t i;

    EACH(node, reading->root, "flag")
    {
        g_autofree char *name = attribute_of(node, "name");
        int flag = name ? virQEMUCapsTypeFromString(name) : -1;

        if (flag < 0)
            reading->refused = TRUE;
        else
            reading->flags[flag] = TRUE;
    }
    for (i = 0; i < QEMU_CAPS_LAST; i++) {
        if (reading->flags[i])
            state(reading, "flag %zu", i);
    }
}

static void
read_texts(Reading *reading)
{
    xmlNode *package = element_in(reading->root, "package");
    xmlNode *kernel = element_in(reading->root, "kernelVersion");
    g_autofree char *signature = text_of(element_in(reading->root, "hostCPUSignature"));
    g_autofree char *package_text = text_of(package);
    g_autofree char *kernel_text = text_of(kernel);

    state_optional(reading, "signature", signature);
    if (package)
        state(reading, "package %s", package_text ? package_text : "");
    if (kernel)
        state_required(reading, "kernel", kernel_text);
    if (element_in(reading->root, "kvmSupportsNesting"))
        state(reading, "nesting");
    if (element_in(reading->root, "kvmSupportsSecureGuest"))
        state(reading, "secure guest");
}

static void
read_arch(Reading *reading)
{
    g_autofree char *name = text_of(element_in(reading->root, "arch"));

    reading->arch = name ? virArchFromString(name) : VIR_ARCH_NONE;
    if (reading->arch == VIR_ARCH_NONE)
        reading->refused = TRUE;
    state(reading, "arch %d", reading->arch);
}

static void
read_cpudata(Reading *reading)
{
    xmlNode *node = element_in(reading->root, "cpudata");
    g_autoptr(virCPUData) data = node ? virCPUDataParseNode(node) : NULL;
    g_autofree char *text = data ? virCPUDataFormat(data) : NULL;

    if (node && !data)
        reading->refused = TRUE;
    state_optional(reading, "cpudata", text);
}

static void
read_gic(Reading *reading)
{
    xmlNode *node;

    EACH(node, reading->root, "gic")
    {
        g_autofree char *version = attribute_of(node, "version");
        g_autofree char *kernel = attribute_of(node, "kernel");
        g_autofree char *emulated = attribute_of(node, "emulated");

        state_number(reading, "gic", version);
        state_yes_no(reading, " kernel", kernel);
        state_yes_no(reading, " emulated", emulated);
    }
}

static void
read_sev(Reading *reading)
{
    static const char *const numbers[] = { "cbitpos", "reducedPhysBits" };
    static const char *const texts[] = { "pdh", "certChain" };
    size_t i;

    if (!reading->flags[QEMU_CAPS_SEV_GUEST])
        return;
    for (i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *value = text_of(element_in_groups(reading->root, "sev", numbers[i]));

        state_number(reading, numbers[i], value);
    }
    for (i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *value = text_of(element_in_groups(reading->root, "sev", texts[i]));

        state_required(reading, texts[i], value);
    }
}

static void
read_sgx(Reading *reading)
{
    static const char *const features[] = { "flc", "sgx1", "sgx2" };
    g_autofree char *size = NULL;
    xmlNode *sections;
    xmlNode *node;
    size_t i;

    if (!reading->flags[QEMU_CAPS_SGX_EPC])
        return;
    for (i = 0; i < G_N_ELEMENTS(features); i++) {
        g_autofree char *value = text_of(element_in_groups(reading->root, "sgx", features[i]));

        state_yes_no(reading, features[i], value);
    }
    size = text_of(element_in_groups(reading->root, "sgx", "section_size"));
    state_number(reading, "section size", size);
    if (!(sections = element_in_groups(reading->root, "sgx", "sections")))
        return;
    EACH(node, sections, "section")
    {
        g_autofree char *number = attribute_of(node, "node");
        g_autofree char *own_size = attribute_of(node, "size");

        state_number(reading, "section", number);
        state_number(reading, " size", own_size);
    }
}

static void
read_hyperv(Reading *reading)
{
    xmlNode *first = element_in(reading->root, "hypervCapabilities");
    gboolean caps[VIR_DOMAIN_HYPERV_LAST] = { FALSE };
    g_autofree char *supported = NULL;
    xmlNode *group;
    xmlNode *node;
    size_t i;

    if (!first)
        return;
    supported = attribute_of(first, "supported");
    state_yes_no(reading, "hyperv", supported);
    EACH(group, reading->root, "hypervCapabilities")
    {
        EACH(node, group, "cap")
        {
            g_autofree char *name = attribute_of(node, "name");
            int cap = name ? virDomainHypervTypeFromString(name) : -1;

            if (cap < 0)
                reading->refused = TRUE;
            else
                caps[cap] = TRUE;
        }
    }
    for (i = 0; i < G_N_ELEMENTS(caps); i++) {
        if (caps[i])
            state(reading, " cap %zu", i);
    }
}

/* --- what is known of an accelerator --- */

static void
read_property(Reading *reading, xmlNode *node)
{
    g_autofree char *name = attribute_of(node, "name");
    g_autofree char *type = attribute_of(node, "type");
    g_autofree char *value = attribute_of(node, "value");
    g_autofree char *migratable = attribute_of(node, "migratable");
    int kind = type ? qemuMonitorCPUPropertyTypeFromString(type) : -1;

    state_required(reading, " property", name);
    if (kind < 0)
        reading->refused = TRUE;
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_BOOLEAN)
        state(reading, "  boolean %d", STREQ_NULLABLE(value, "true"));
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_STRING)
        state_required(reading, "  string", value);
    else
        state_number(reading, "  number", value);
    if (migratable)
        state_yes_no(reading, "  migratable", migratable);
}

static void
read_host_cpu(Reading *reading, const char *accelerator)
{
    xmlNode *host;
    xmlNode *node;

    EACH(host, reading->root, "hostCPU")
    {
        g_autofree char *type = attribute_of(host, "type");
        g_autofree char *model = attribute_of(host, "model");
        g_autofree char *migratability = attribute_of(host, "migratability");

        if (STRNEQ_NULLABLE(type, accelerator))
            continue;
        state_required(reading, "host", model);
        state_yes_no(reading, " migratability", migratability);
        EACH(node, host, "property")
        read_property(reading, node);
        /* Not every version knows them. */
        EACH(node, host, "deprecatedFeatures")
        reading->unsure = TRUE;
        break;
    }
}

static int
compare_strings(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* A CPU model as libvirt is to name it afterwards; newer versions sort the blockers. */
static char *
model_line(const char *name, int usable, gboolean deprecated, const char *blockers)
{
    g_auto(GStrv) names = g_strsplit(blockers, " ", -1);
    g_autofree char *sorted = NULL;

    qsort(names, g_strv_length(names), sizeof(*names), compare_strings);
    sorted = g_strjoinv(" ", names);
    return g_strdup_printf("model %s, usable %d, deprecated %d, blockers %s", name, usable, deprecated, sorted);
}

/* Appends the CPU models of @accelerator to @models. */
static void
read_models(Reading *reading, const char *accelerator, GPtrArray *models)
{
    xmlNode *cpu;
    xmlNode *node;

    EACH(cpu, reading->root, "cpu")
    {
        g_autofree char *type = attribute_of(cpu, "type");
        g_autofree char *name = attribute_of(cpu, "name");
        g_autofree char *typename = attribute_of(cpu, "typename");
        g_autofree char *usable = attribute_of(cpu, "usable");
        g_autofree char *deprecated = attribute_of(cpu, "deprecated");
        g_autoptr(GString) blockers = g_string_new(NULL);
        int value = usable ? virDomainCapsCPUUsableTypeFromString(usable) : VIR_DOMCAPS_CPU_USABLE_UNKNOWN;

        if (STRNEQ_NULLABLE(type, accelerator))
            continue;
        if (value < 0)
            reading->refused = TRUE;
        state_required(reading, "cpu", name);
        state_optional(reading, " typename", typename);
        EACH(node, cpu, "blocker")
        {
            g_autofree char *feature = attribute_of(node, "name");

            if (feature)
                g_string_append_printf(blockers, "%s ", virQEMUCapsCPUFeatureFromQEMU(reading->arch, feature));
            else
                reading->refused = TRUE;
        }
        g_ptr_array_add(models, model_line(name, value, STREQ_NULLABLE(deprecated, "yes"), blockers->str));
        state(reading, " %s", (char *)g_ptr_array_index(models, models->len - 1));
    }
}

static void
read_machines(Reading *reading, const char *accelerator)
{
    static const char *const texts[] = { "alias", "defaultCPU", "defaultRAMid" };
    static const char *const switches[] = { "hotplugCpus", "default", "numaMemSupported", "deprecated" };
    xmlNode *node;
    size_t i;

    EACH(node, reading->root, "machine")
    {
        g_autofree char *type = attribute_of(node, "type");
        g_autofree char *name = attribute_of(node, "name");
        g_autofree char *cpus = attribute_of(node, "maxCpus");

        if (STRNEQ_NULLABLE(type, accelerator))
            continue;
        state_required(reading, "machine", name);
        state_number(reading, " cpus", cpus ? cpus : "0");
        for (i = 0; i < G_N_ELEMENTS(texts); i++) {
            g_autofree char *value = attribute_of(node, texts[i]);

            state_optional(reading, texts[i], value);
        }
        for (i = 0; i < G_N_ELEMENTS(switches); i++) {
            g_autofree char *value = attribute_of(node, switches[i]);

            /* Newer versions refuse what is neither; older ones take it for no. */
            if (value && STRNEQ(value, "yes") && STRNEQ(value, "no"))
                reading->unsure = TRUE;
            if (STREQ_NULLABLE(value, "yes"))
                state(reading, " %s", switches[i]);
        }
        if (xmlHasProp(node, BAD_CAST "acpi"))
            reading->unsure = TRUE;
    }
}

static gboolean
is_loaded(const Reading *reading, size_t accelerator)
{
    return accelerators[accelerator].flag < 0 || reading->flags[accelerators[accelerator].flag];
}

/* @models are lists of lines, one for each accelerator. */
static void
read_document(Reading *reading, GPtrArray *const *models)
{
    static const char *const numbers[] = { "selfctime",       "selfvers", "qemuctime", "version",
#ifdef CP_HAVE_GET_KVM_VERSION
                                           "kvmVersion",
#endif
                                           "microcodeVersion" };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(numbers); i++)
        read_number(reading, numbers[i]);
    read_flags(reading);
    read_texts(reading);
    read_arch(reading);
    read_cpudata(reading);
    for (i = 0; i < G_N_ELEMENTS(accelerators); i++) {
        if (is_loaded(reading, i)) {
            state(reading, "accelerator %s", accelerators[i].name);
            read_host_cpu(reading, accelerators[i].name);
            read_models(reading, accelerators[i].name, models[i]);
            read_machines(reading, accelerators[i].name);
        }
    }
    read_gic(reading);
    read_sev(reading);
    read_sgx(reading);
    read_hyperv(reading);
}

/* --- what has become of it --- */

/* Newer versions sort the models. */
static void
expect_models(GPtrArray *expected, virQEMUCaps *caps, virDomainVirtType type)
{
    g_autoptr(virDomainCapsCPUModels) models = virQEMUCapsGetCPUModels(caps, type, NULL, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    for (i = 0; models && i < models->nmodels; i++) {
        const virDomainCapsCPUModel *model = models->models + i;
        g_autoptr(GString) blockers = g_string_new(NULL);
        char **feature;

        for (feature = model->blockers; feature && *feature; feature++)
            g_string_append_printf(blockers, "%s ", *feature);
        g_ptr_array_add(lines, model_line(model->name, model->usable, model->deprecated, blockers->str));
    }
    CP_PROPERTY(lines->len == expected->len, "the document has %u CPU models, libvirt %u", expected->len, lines->len);
    g_ptr_array_sort(lines, compare_strings);
    g_ptr_array_sort(expected, compare_strings);
    for (i = 0; i < lines->len; i++)
        cp_property_equal("CPU model", g_ptr_array_index(expected, i), g_ptr_array_index(lines, i));
}

/* libvirt asks the host, not the document, how many guests can be encrypted. */
static void
expect_sev(virQEMUCaps *caps)
{
    const virSEVCapability *sev = virQEMUCapsGetSEVCapabilities(caps);

    if (sev) {
        CP_PROPERTY(sev->max_guests == CP_HOST_SEV_MAX - CP_HOST_SEV_MIN + 1, "guests: %u", sev->max_guests);
        CP_PROPERTY(sev->max_es_guests == CP_HOST_SEV_MIN - 1, "guests with encrypted state: %u", sev->max_es_guests);
    }
}

static void
expect_filtered(const virCPUDef *cpu)
{
    static const char *const never[] = { "cmt", "mbm_total", "mbm_local", "osxsave", "ospke" };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(never); i++)
        CP_PROPERTY(!virCPUDefFindFeature(cpu, never[i]), "a host model has %s, which QEMU never had", never[i]);
}

/* The value of a number that is given once; -1 where it is not, or is not small. */
static long long
number_of(const qemuMonitorCPUModelInfo *info, const char *name, long long end)
{
    long long value = 0;
    size_t seen = 0;
    size_t i;

    for (i = 0; i < info->nprops; i++) {
        const qemuMonitorCPUProperty *property = info->props + i;

        if (property->type == QEMU_MONITOR_CPU_PROPERTY_NUMBER && STREQ(property->name, name)) {
            value = property->value.number;
            seen++;
        }
    }
    return seen <= 1 && value >= 0 && value < end ? value : -1;
}

/* NULL where it is not said, said more than once, or none that libvirt knows. */
static const char *
vendor_of(const qemuMonitorCPUModelInfo *info)
{
    const char *vendor = NULL;
    size_t seen = 0;
    size_t i;

    for (i = 0; i < info->nprops; i++) {
        const qemuMonitorCPUProperty *property = info->props + i;

        if (property->type == QEMU_MONITOR_CPU_PROPERTY_STRING && STREQ(property->name, "vendor")) {
            vendor = property->value.string;
            seen++;
        }
    }
    if (seen != 1)
        return NULL;
    if (STREQ_NULLABLE(vendor, "GenuineIntel"))
        return "Intel";
    return STREQ_NULLABLE(vendor, "AuthenticAMD") ? "AMD" : NULL;
}

static void
expect_identity(const qemuMonitorCPUModelInfo *info, const virCPUDef *cpu)
{
    long long family = number_of(info, "family", 256);
    long long model = number_of(info, "model", 256);
    long long stepping = number_of(info, "stepping", 16);
    const char *vendor = vendor_of(info);

    CP_PROPERTY(!vendor || STREQ_NULLABLE(cpu->vendor, vendor), "the host model's vendor is %s, not %s",
                NULLSTR(cpu->vendor), vendor);
    if (family >= 0 && model >= 0 && stepping >= 0)
        CP_PROPERTY(cpu->sigFamily == family && cpu->sigModel == model && cpu->sigStepping == stepping,
                    "the host model has signature %u, %u, %u", cpu->sigFamily, cpu->sigModel, cpu->sigStepping);
}

static gboolean
has_unmigratable(const qemuMonitorCPUModelInfo *info)
{
    size_t i;

    for (i = 0; i < info->nprops; i++) {
        if (info->props[i].migratable == VIR_TRISTATE_BOOL_NO)
            return TRUE;
    }
    return FALSE;
}

/* Whether @info says, once or more, that @feature must not be relied upon. */
static gboolean
is_unmigratable(const qemuMonitorCPUModelInfo *info, virArch arch, const char *feature)
{
    gboolean unmigratable = FALSE;
    size_t i;

    for (i = 0; i < info->nprops; i++) {
        const qemuMonitorCPUProperty *property = info->props + i;

        if (STREQ(virQEMUCapsCPUFeatureFromQEMU(arch, property->name), feature)) {
            if (property->migratable != VIR_TRISTATE_BOOL_NO)
                return FALSE;
            unmigratable = TRUE;
        }
    }
    return unmigratable;
}

static void
expect_migratable(const qemuMonitorCPUModelInfo *info, virArch arch, const virCPUDef *cpu)
{
    g_autoptr(virCPUDef) expanded = virCPUDefCopy(cpu);
    size_t i;

    /* What the model has, it has without a word. */
    if (virCPUExpandFeatures(arch, expanded) < 0)
        return;
    for (i = 0; i < expanded->nfeatures; i++) {
        CP_PROPERTY(expanded->features[i].policy != VIR_CPU_FEATURE_REQUIRE ||
                        !is_unmigratable(info, arch, expanded->features[i].name),
                    "the migratable host model has %s", expanded->features[i].name);
    }
}

static void
expect_host_model(virQEMUCaps *caps, virArch host, virDomainVirtType type, gboolean any_model)
{
    const virCPUDef *reported = virQEMUCapsGetHostModel(caps, type, VIR_QEMU_CAPS_HOST_CPU_REPORTED);
    const virCPUDef *migratable = virQEMUCapsGetHostModel(caps, type, VIR_QEMU_CAPS_HOST_CPU_MIGRATABLE);
    const qemuMonitorCPUModelInfo *info = virQEMUCapsGetCPUModelInfo(caps, type);
    virArch arch = virQEMUCapsGetArch(caps);
    gboolean from_qemu = info && (ARCH_IS_X86(arch) || ARCH_IS_S390(arch));

    CP_PROPERTY(!reported == !migratable, "a host model is there, and its migratable form is not, or the reverse");
    if (ARCH_IS_X86(host) && !ARCH_IS_X86(arch))
        CP_PROPERTY(!reported, "a host model of a foreign architecture");
    if (host == CP_HOST_ARCH && arch == host && !info && any_model)
        CP_PROPERTY(reported, "no host model");
    if (!reported)
        return;

    CP_PROPERTY(reported->type == VIR_CPU_TYPE_GUEST && migratable->type == VIR_CPU_TYPE_GUEST,
                "a host model is no guest's");
    CP_PROPERTY(reported->fallback == (from_qemu ? VIR_CPU_FALLBACK_FORBID : VIR_CPU_FALLBACK_ALLOW),
                "the host model's fallback is %s", virCPUFallbackTypeToString(reported->fallback));
    if (!info && ARCH_IS_X86(arch))
        expect_filtered(reported);
    if (info && ARCH_IS_X86(arch))
        expect_identity(info, reported);
    if (from_qemu && info->migratability && has_unmigratable(info))
        expect_migratable(info, arch, migratable);
}

/* Whether libvirt must take the document for another libvirt's. */
static gboolean
is_stale(xmlNode *root)
{
    g_autofree char *ctime = text_of(element_in(root, "selfctime"));
    g_autofree char *version = text_of(element_in(root, "selfvers"));

    return ctime && version &&
           (atoll(ctime) != CP_HOST_SELF_CTIME || strtoull(version, NULL, 10) != LIBVIR_VERSION_NUMBER);
}

/* @bytes as a tree, of which more can be said than whether it is one; NULL otherwise. */
static xmlDoc *
parse(const char *bytes, size_t length, gboolean *well_formed)
{
    xmlDoc *tree = length > 0 ? xmlReadMemory(bytes, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING) : NULL;
    xmlNode *root = tree ? xmlDocGetRootElement(tree) : NULL;

    *well_formed = root && STREQ((const char *)root->name, "qemuCaps");
    if (*well_formed && !tree->intSubset && !memmem(bytes, length, "xmlns", strlen("xmlns")))
        return tree;
    if (tree)
        xmlFreeDoc(tree);
    return NULL;
}

static void
new_models(GPtrArray **models)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(accelerators); i++)
        models[i] = g_ptr_array_new_with_free_func(g_free);
}

static void
free_models(GPtrArray **models)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(accelerators); i++)
        g_ptr_array_unref(models[i]);
}

static void
expect_saved(virQEMUCaps *caps, const Reading *reading)
{
    GPtrArray *models[G_N_ELEMENTS(accelerators)];
    g_autofree char *saved = cp_caps_format(caps);
    g_autoptr(GString) facts = g_string_new(NULL);
    Reading again = { .facts = facts };
    gboolean well_formed;
    xmlDoc *tree = parse(saved, strlen(saved), &well_formed);
    const char *defect;

    new_models(models);
    if (tree) {
        again.root = xmlDocGetRootElement(tree);
        read_document(&again, models);
        xmlFreeDoc(tree);
    }
    free_models(models);
    if (STREQ(reading->facts->str, facts->str))
        return;
    if ((defect = cp_defects_of_saved(saved)))
        cp_property_known(defect);
    else
        cp_property_equal("document and what was loaded", reading->facts->str, facts->str);
}

static void
expect_document(xmlNode *root, virArch host, CpCapsVerdict verdict, CpCapsVerdict own_verdict, virQEMUCaps *caps)
{
    GPtrArray *models[G_N_ELEMENTS(accelerators)];
    g_autoptr(GString) facts = g_string_new(NULL);
    g_autofree char *emulator = text_of(element_in(root, "emulator"));
    Reading reading = { .root = root, .facts = facts };
    size_t i;

    new_models(models);
    read_document(&reading, models);
    if (STRNEQ_NULLABLE(emulator, virQEMUCapsGetBinary(caps)))
        reading.refused = TRUE;

    if (reading.refused)
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "a document that is in error was loaded");
    else if (!reading.unsure)
        CP_PROPERTY(verdict == CP_CAPS_LOADED, "refused without need: %s", virGetLastErrorMessage());
    if (verdict == CP_CAPS_LOADED && !reading.unsure) {
        CP_PROPERTY((own_verdict == CP_CAPS_STALE) == is_stale(root), "taken for another libvirt's, or the reverse");
        expect_saved(caps, &reading);
        expect_sev(caps);
        for (i = 0; i < G_N_ELEMENTS(accelerators); i++) {
            if (is_loaded(&reading, i)) {
                gboolean any_model = models[i]->len == 0;

                expect_models(models[i], caps, accelerators[i].type);
                expect_host_model(caps, host, accelerators[i].type, any_model);
            }
        }
    }
    free_models(models);
}

void
cp_expect(const char *document,
          size_t length,
          virArch host,
          CpCapsVerdict verdict,
          CpCapsVerdict own_verdict,
          virQEMUCaps *caps)
{
    gboolean well_formed;
    xmlDoc *tree;

    if (cp_defects_of_size(document, length))
        return;
    tree = parse(document, length, &well_formed);
    /* Newer versions see nothing beyond a zero byte. */
    if (!well_formed && !memchr(document, 0, length))
        CP_PROPERTY(verdict == CP_CAPS_REFUSED, "what is no document was loaded");
    if (tree) {
        expect_document(xmlDocGetRootElement(tree), host, verdict, own_verdict, caps);
        xmlFreeDoc(tree);
    }
}
