/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reference reader, except for what a document says about accelerators. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/reference-reader.h"

#include <libxml/parser.h>

#include "checks/reference-lines.h"
#include "checks/xml-elements.h"
#include "cpu/cpu.h"
#include "known/known.h"
#include "qemu/qemu_capspriv.h"
#include "world/fake-host.h"

const CpReferenceAccelerator cp_reference_accelerators[] = {
    { VIR_DOMAIN_VIRT_KVM, "kvm", QEMU_CAPS_KVM },
    { VIR_DOMAIN_VIRT_HVF, "hvf", QEMU_CAPS_HVF },
    { VIR_DOMAIN_VIRT_QEMU, "tcg", -1 },
};

G_STATIC_ASSERT(G_N_ELEMENTS(cp_reference_accelerators) == CP_REFERENCE_ACCELERATORS);

/* Returns the first child called `name` of any child of the root called `group`. */
static xmlNode *
grandchild(const xmlNode *root, const char *group, const char *name)
{
    CP_XML_EACH(parent, root, group)
    {
        xmlNode *child = cp_xml_child(parent, name);

        if (child)
            return child;
    }
    return NULL;
}

static gboolean
is_stale(const xmlNode *root)
{
    g_autofree char *ctime = cp_xml_text(cp_xml_child(root, "selfctime"));
    g_autofree char *version = cp_xml_text(cp_xml_child(root, "selfvers"));

    return ctime && version &&
           (atoll(ctime) != CP_FAKE_HOST_SELF_CTIME || strtoull(version, NULL, 10) != LIBVIR_VERSION_NUMBER);
}

static void
read_numbers(CpReference *reference, const xmlNode *root)
{
    static const char *const names[] = { "selfctime",       "selfvers", "qemuctime", "version",
#ifdef CP_HAVE_GET_KVM_VERSION
                                         "kvmVersion",
#endif
                                         "microcodeVersion" };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = cp_xml_text(cp_xml_child(root, names[i]));

        cp_reference_add_number(reference, names[i], text);
    }
}

static void
read_flags(CpReference *reference, const xmlNode *root)
{
    CP_XML_EACH(node, root, "flag")
    {
        g_autofree char *name = cp_xml_attribute(node, "name");
        gint flag = name ? virQEMUCapsTypeFromString(name) : -1;

        if (flag < 0)
            reference->refused = TRUE;
        else
            reference->flags[flag] = TRUE;
    }
    for (gsize i = 0; i < QEMU_CAPS_LAST; i++) {
        if (reference->flags[i])
            cp_reference_add(reference, "flag %zu", i);
    }
}

static void
read_texts(CpReference *reference, const xmlNode *root)
{
    const xmlNode *package = cp_xml_child(root, "package");
    const xmlNode *kernel = cp_xml_child(root, "kernelVersion");
    g_autofree char *signature = cp_xml_text(cp_xml_child(root, "hostCPUSignature"));
    g_autofree char *package_text = cp_xml_text(package);
    g_autofree char *kernel_text = cp_xml_text(kernel);

    cp_reference_add_optional(reference, "signature", signature);
    if (package)
        cp_reference_add(reference, "package %s", package_text ? package_text : "");
    if (kernel)
        cp_reference_add_required(reference, "kernel", kernel_text);
    if (cp_xml_child(root, "kvmSupportsNesting"))
        cp_reference_add(reference, "nesting");
    if (cp_xml_child(root, "kvmSupportsSecureGuest"))
        cp_reference_add(reference, "secure guest");
}

static void
read_arch(CpReference *reference, const xmlNode *root)
{
    g_autofree char *name = cp_xml_text(cp_xml_child(root, "arch"));

    reference->arch = name ? virArchFromString(name) : VIR_ARCH_NONE;
    if (reference->arch == VIR_ARCH_NONE)
        reference->refused = TRUE;
    cp_reference_add(reference, "arch %d", reference->arch);
}

static void
read_cpudata(CpReference *reference, const xmlNode *root)
{
    xmlNode *node = cp_xml_child(root, "cpudata");
    g_autoptr(virCPUData) data = node ? virCPUDataParseNode(node) : NULL;
    g_autofree char *text = data ? virCPUDataFormat(data) : NULL;

    if (node && !data)
        reference->refused = TRUE;
    /* It is empty if cpudata-empty is mended. */
    cp_reference_add_optional(reference, "cpudata", text && *text ? text : NULL);
}

static void
read_gic(CpReference *reference, const xmlNode *root)
{
    CP_XML_EACH(node, root, "gic")
    {
        g_autofree char *version = cp_xml_attribute(node, "version");
        g_autofree char *kernel = cp_xml_attribute(node, "kernel");
        g_autofree char *emulated = cp_xml_attribute(node, "emulated");

        cp_reference_add_number(reference, "gic", version);
        cp_reference_add_yes_no(reference, " kernel", kernel);
        cp_reference_add_yes_no(reference, " emulated", emulated);
    }
}

static void
read_sev(CpReference *reference, const xmlNode *root)
{
    static const char *const numbers[] = { "cbitpos", "reducedPhysBits" };
    static const char *const texts[] = { "pdh", "certChain" };

    if (!reference->flags[QEMU_CAPS_SEV_GUEST])
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *value = cp_xml_text(grandchild(root, "sev", numbers[i]));

        cp_reference_add_number(reference, numbers[i], value);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *value = cp_xml_text(grandchild(root, "sev", texts[i]));

        cp_reference_add_required(reference, texts[i], value);
    }
    if (!cp_known_has(CP_KNOWN_SEV_CPU0_ID)) {
        g_autofree char *value = cp_xml_text(grandchild(root, "sev", "cpu0Id"));

        cp_reference_add_optional(reference, "cpu0Id", value);
    }
}

static void
read_sgx(CpReference *reference, const xmlNode *root)
{
    static const char *const features[] = { "flc", "sgx1", "sgx2" };

    if (!reference->flags[QEMU_CAPS_SGX_EPC])
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(features); i++) {
        g_autofree char *value = cp_xml_text(grandchild(root, "sgx", features[i]));

        cp_reference_add_yes_no(reference, features[i], value);
    }

    g_autofree char *total = cp_xml_text(grandchild(root, "sgx", "section_size"));

    cp_reference_add_number(reference, "section size", total);
    CP_XML_EACH(section, grandchild(root, "sgx", "sections"), "section")
    {
        g_autofree char *node = cp_xml_attribute(section, "node");
        g_autofree char *size = cp_xml_attribute(section, "size");

        cp_reference_add_number(reference, "section", node);
        cp_reference_add_number(reference, " size", size);
    }
}

static void
read_hyperv(CpReference *reference, const xmlNode *root)
{
    const xmlNode *first = cp_xml_child(root, "hypervCapabilities");

    if (!first)
        return;

    g_autofree char *supported = cp_xml_attribute(first, "supported");
    gboolean caps[VIR_DOMAIN_HYPERV_LAST] = { FALSE };

    cp_reference_add_yes_no(reference, "hyperv", supported);
    CP_XML_EACH(group, root, "hypervCapabilities")
    {
        CP_XML_EACH(node, group, "cap")
        {
            g_autofree char *name = cp_xml_attribute(node, "name");
            gint cap = name ? virDomainHypervTypeFromString(name) : -1;

            if (cap < 0)
                reference->refused = TRUE;
            else
                caps[cap] = TRUE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(caps); i++) {
        if (caps[i])
            cp_reference_add(reference, " cap %zu", i);
    }
}

static void
read_root(CpReference *reference, const xmlNode *root)
{
    reference->emulator = cp_xml_text(cp_xml_child(root, "emulator"));
    reference->stale = is_stale(root);
    read_numbers(reference, root);
    read_flags(reference, root);
    read_texts(reference, root);
    read_arch(reference, root);
    read_cpudata(reference, root);
    for (gsize i = 0; i < CP_REFERENCE_ACCELERATORS; i++) {
        if (cp_reference_has_accelerator(reference, i))
            cp_reference_read_accelerator(reference, root, i);
    }
    read_gic(reference, root);
    read_sev(reference, root);
    read_sgx(reference, root);
    read_hyperv(reference, root);
}

CpReference *
cp_reference_read(const char *document, gsize length)
{
    CpReference *reference = g_new0(CpReference, 1);
    g_autoptr(xmlDoc) tree =
        length > 0 ? xmlReadMemory(document, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING) : NULL;
    const xmlNode *root = tree ? xmlDocGetRootElement(tree) : NULL;

    reference->text = g_string_new(NULL);
    for (gsize i = 0; i < CP_REFERENCE_ACCELERATORS; i++)
        reference->models[i] = g_ptr_array_new_with_free_func(g_free);
    reference->well_formed = root && STREQ((const char *)root->name, "qemuCaps");
    reference->plain =
        reference->well_formed && !tree->intSubset && !memmem(document, length, "xmlns", strlen("xmlns"));
    if (reference->plain)
        read_root(reference, root);
    return reference;
}

void
cp_reference_free(CpReference *reference)
{
    for (gsize i = 0; i < CP_REFERENCE_ACCELERATORS; i++)
        g_ptr_array_unref(reference->models[i]);
    g_string_free(reference->text, TRUE);
    g_free(reference->emulator);
    g_free(reference);
}

gboolean
cp_reference_has_accelerator(const CpReference *reference, gsize accelerator)
{
    gint flag = cp_reference_accelerators[accelerator].flag;

    return flag < 0 || reference->flags[flag];
}

gint
cp_reference_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *
cp_reference_model(const char *name, gint usable, gboolean deprecated, const char *blockers)
{
    g_auto(GStrv) names = g_strsplit(blockers, " ", -1);
    GString *line = g_string_new(NULL);

    g_string_printf(line, "model %s, usable %d, deprecated %d, blockers", name, usable, deprecated);
    qsort(names, g_strv_length(names), sizeof(*names), cp_reference_compare);
    for (gsize i = 0; names[i]; i++) {
        if (i == 0 || STRNEQ(names[i], names[i - 1]))
            g_string_append_printf(line, " %s", names[i]);
    }
    return g_string_free(line, FALSE);
}
