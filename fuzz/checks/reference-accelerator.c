/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the reference reader that reads what a document says about one accelerator. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/reference-lines.h"
#include "checks/xml-elements.h"
#include "qemu/qemu_capspriv.h"

static gboolean
is_for(const xmlNode *node, const char *accelerator)
{
    g_autofree char *type = cp_xml_attribute(node, "type");

    return STREQ_NULLABLE(type, accelerator);
}

static void
read_property(CpReference *reference, const xmlNode *node)
{
    g_autofree char *name = cp_xml_attribute(node, "name");
    g_autofree char *type = cp_xml_attribute(node, "type");
    g_autofree char *value = cp_xml_attribute(node, "value");
    g_autofree char *migratable = cp_xml_attribute(node, "migratable");
    gint kind = type ? qemuMonitorCPUPropertyTypeFromString(type) : -1;

    cp_reference_add_required(reference, " property", name);
    if (kind < 0)
        reference->refused = TRUE;
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_BOOLEAN)
        cp_reference_add(reference, "  boolean %d", STREQ_NULLABLE(value, "true"));
    else if (kind == QEMU_MONITOR_CPU_PROPERTY_STRING)
        cp_reference_add_required(reference, "  string", value);
    else
        cp_reference_add_number(reference, "  number", value);
    if (migratable)
        cp_reference_add_yes_no(reference, "  migratable", migratable);
}

/* Only the first matching <hostCPU> counts. */
static void
read_host_cpu(CpReference *reference, const xmlNode *root, const char *accelerator)
{
    CP_XML_EACH(host, root, "hostCPU")
    {
        if (!is_for(host, accelerator))
            continue;

        g_autofree char *model = cp_xml_attribute(host, "model");
        g_autofree char *migratability = cp_xml_attribute(host, "migratability");

        cp_reference_add_required(reference, "host", model);
        cp_reference_add_yes_no(reference, " migratability", migratability);
        CP_XML_EACH(property, host, "property")
        {
            read_property(reference, property);
        }
        /* Only some versions of libvirt read this element. */
        if (cp_xml_child(host, "deprecatedFeatures"))
            reference->unsure = TRUE;
        break;
    }
}

/* Also appends the CPU models to `models`. */
static void
read_models(CpReference *reference, const xmlNode *root, const char *accelerator, GPtrArray *models)
{
    CP_XML_EACH(cpu, root, "cpu")
    {
        if (!is_for(cpu, accelerator))
            continue;

        g_autofree char *name = cp_xml_attribute(cpu, "name");
        g_autofree char *typename = cp_xml_attribute(cpu, "typename");
        g_autofree char *usable = cp_xml_attribute(cpu, "usable");
        g_autofree char *deprecated = cp_xml_attribute(cpu, "deprecated");
        g_autoptr(GString) blockers = g_string_new(NULL);
        gint value = usable ? virDomainCapsCPUUsableTypeFromString(usable) : VIR_DOMCAPS_CPU_USABLE_UNKNOWN;

        if (value < 0)
            reference->refused = TRUE;
        cp_reference_add_required(reference, "cpu", name);
        cp_reference_add_optional(reference, " typename", typename);
        CP_XML_EACH(blocker, cpu, "blocker")
        {
            g_autofree char *feature = cp_xml_attribute(blocker, "name");

            if (feature)
                g_string_append_printf(blockers, "%s ", virQEMUCapsCPUFeatureFromQEMU(reference->arch, feature));
            else
                reference->refused = TRUE;
        }

        char *line = cp_reference_model(name, value, STREQ_NULLABLE(deprecated, "yes"), blockers->str);

        cp_reference_add(reference, " %s", line);
        g_ptr_array_add(models, line);
    }
}

static void
read_machines(CpReference *reference, const xmlNode *root, const char *accelerator)
{
    static const char *const texts[] = { "alias", "defaultCPU", "defaultRAMid" };
    static const char *const switches[] = { "hotplugCpus", "default", "numaMemSupported", "deprecated" };

    CP_XML_EACH(machine, root, "machine")
    {
        if (!is_for(machine, accelerator))
            continue;

        g_autofree char *name = cp_xml_attribute(machine, "name");
        g_autofree char *cpus = cp_xml_attribute(machine, "maxCpus");

        cp_reference_add_required(reference, "machine", name);
        cp_reference_add_number(reference, " cpus", cpus ? cpus : "0");
        for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
            g_autofree char *value = cp_xml_attribute(machine, texts[i]);

            cp_reference_add_optional(reference, texts[i], value);
        }
        for (gsize i = 0; i < G_N_ELEMENTS(switches); i++) {
            g_autofree char *value = cp_xml_attribute(machine, switches[i]);

            /* Newer versions refuse any other value, older ones read it as "no". */
            if (value && STRNEQ(value, "yes") && STRNEQ(value, "no"))
                reference->unsure = TRUE;
            if (STREQ_NULLABLE(value, "yes"))
                cp_reference_add(reference, " %s", switches[i]);
        }
        /* Only some versions of libvirt read this attribute. */
        if (xmlHasProp(machine, BAD_CAST "acpi"))
            reference->unsure = TRUE;
    }
}

void
cp_reference_read_accelerator(CpReference *reference, const xmlNode *root, gsize accelerator)
{
    const char *name = cp_reference_accelerators[accelerator].name;

    cp_reference_add(reference, "accelerator %s", name);
    read_host_cpu(reference, root, name);
    read_models(reference, root, name, reference->models[accelerator]);
    read_machines(reference, root, name);
}
