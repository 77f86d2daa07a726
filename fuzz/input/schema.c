/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the elements of a cache document. */
#include "input/schema.h"

const CpSchemaElement cp_schema[] = {
    { "qemuCaps", NULL, CP_KIND_NONE, NULL, { { NULL, 0 } } },
    { "emulator", "qemuCaps", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "qemuctime", "qemuCaps", CP_KIND_STAMP, NULL, { { NULL, 0 } } },
    { "qemumoddirmtime", "qemuCaps", CP_KIND_STAMP, NULL, { { NULL, 0 } } },
    { "selfctime", "qemuCaps", CP_KIND_SELF_CTIME, NULL, { { NULL, 0 } } },
    { "selfvers", "qemuCaps", CP_KIND_SELF_VERSION, NULL, { { NULL, 0 } } },
    { "flag", "qemuCaps", CP_KIND_NONE, NULL, { { "name", CP_KIND_FLAG } } },
    { "version", "qemuCaps", CP_KIND_NUMBER, NULL, { { NULL, 0 } } },
    { "kvmVersion", "qemuCaps", CP_KIND_NUMBER, NULL, { { NULL, 0 } } },
    { "microcodeVersion", "qemuCaps", CP_KIND_NUMBER, NULL, { { NULL, 0 } } },
    { "hostCPUSignature", "qemuCaps", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "package", "qemuCaps", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "kernelVersion", "qemuCaps", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "arch", "qemuCaps", CP_KIND_ARCH, NULL, { { NULL, 0 } } },
    { "kvmSupportsNesting", "qemuCaps", CP_KIND_NONE, NULL, { { NULL, 0 } } },
    { "kvmSupportsSecureGuest", "qemuCaps", CP_KIND_NONE, NULL, { { NULL, 0 } } },

    { "cpudata", "qemuCaps", CP_KIND_NONE, NULL, { { "arch", CP_KIND_CPUDATA_ARCH } } },
    { "cpuid",
      "cpudata",
      CP_KIND_NONE,
      NULL,
      { { "eax_in", CP_KIND_HEX },
        { "ecx_in", CP_KIND_HEX },
        { "eax", CP_KIND_HEX },
        { "ebx", CP_KIND_HEX },
        { "ecx", CP_KIND_HEX },
        { "edx", CP_KIND_HEX } } },
    { "msr",
      "cpudata",
      CP_KIND_NONE,
      NULL,
      { { "index", CP_KIND_HEX }, { "eax", CP_KIND_HEX }, { "edx", CP_KIND_HEX } } },
    { "pvr", "cpudata", CP_KIND_NONE, NULL, { { "value", CP_KIND_HEX }, { "mask", CP_KIND_HEX } } },
    { "alias", "cpudata", CP_KIND_NONE, NULL, { { "name", CP_KIND_STRING } } },

    { "hostCPU",
      "qemuCaps",
      CP_KIND_NONE,
      NULL,
      { { "type", CP_KIND_ACCELERATOR }, { "model", CP_KIND_CPU_MODEL }, { "migratability", CP_KIND_YES_NO } } },
    { "property",
      "hostCPU",
      CP_KIND_NONE,
      NULL,
      { { "name", CP_KIND_CPU_FEATURE },
        { "type", CP_KIND_PROPERTY_TYPE },
        { "value", CP_KIND_TRUE_FALSE },
        { "migratable", CP_KIND_YES_NO } } },
    { "deprecatedFeatures", "hostCPU", CP_KIND_NONE, NULL, { { NULL, 0 } } },
    { "property", "deprecatedFeatures", CP_KIND_NONE, NULL, { { "name", CP_KIND_CPU_FEATURE } } },

    { "cpu",
      "qemuCaps",
      CP_KIND_NONE,
      NULL,
      { { "type", CP_KIND_ACCELERATOR },
        { "name", CP_KIND_CPU_MODEL },
        { "typename", CP_KIND_STRING },
        { "usable", CP_KIND_USABLE },
        { "deprecated", CP_KIND_YES_NO } } },
    { "blocker", "cpu", CP_KIND_NONE, NULL, { { "name", CP_KIND_CPU_FEATURE } } },

    { "machine",
      "qemuCaps",
      CP_KIND_NONE,
      NULL,
      { { "type", CP_KIND_ACCELERATOR },
        { "name", CP_KIND_MACHINE },
        { "alias", CP_KIND_MACHINE },
        { "hotplugCpus", CP_KIND_YES_NO },
        { "maxCpus", CP_KIND_NUMBER },
        { "default", CP_KIND_YES_NO },
        { "defaultCPU", CP_KIND_STRING },
        { "numaMemSupported", CP_KIND_YES_NO },
        { "defaultRAMid", CP_KIND_STRING },
        { "deprecated", CP_KIND_YES_NO },
        { "acpi", CP_KIND_YES_NO } } },

    { "gic",
      "qemuCaps",
      CP_KIND_NONE,
      NULL,
      { { "version", CP_KIND_NUMBER }, { "kernel", CP_KIND_YES_NO }, { "emulated", CP_KIND_YES_NO } } },

    { "sev", "qemuCaps", CP_KIND_NONE, "sev-guest", { { NULL, 0 } } },
    { "cbitpos", "sev", CP_KIND_NUMBER, NULL, { { NULL, 0 } } },
    { "reducedPhysBits", "sev", CP_KIND_NUMBER, NULL, { { NULL, 0 } } },
    { "pdh", "sev", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "certChain", "sev", CP_KIND_STRING, NULL, { { NULL, 0 } } },
    { "cpu0Id", "sev", CP_KIND_STRING, NULL, { { NULL, 0 } } },

    { "sgx", "qemuCaps", CP_KIND_NONE, "sgx-epc", { { "supported", CP_KIND_YES_NO } } },
    { "flc", "sgx", CP_KIND_YES_NO, NULL, { { NULL, 0 } } },
    { "sgx1", "sgx", CP_KIND_YES_NO, NULL, { { NULL, 0 } } },
    { "sgx2", "sgx", CP_KIND_YES_NO, NULL, { { NULL, 0 } } },
    { "section_size", "sgx", CP_KIND_NUMBER, NULL, { { "unit", CP_KIND_STRING } } },
    { "sections", "sgx", CP_KIND_NONE, NULL, { { NULL, 0 } } },
    { "section",
      "sections",
      CP_KIND_NONE,
      NULL,
      { { "node", CP_KIND_NUMBER }, { "size", CP_KIND_NUMBER }, { "unit", CP_KIND_STRING } } },

    { "hypervCapabilities", "qemuCaps", CP_KIND_NONE, NULL, { { "supported", CP_KIND_YES_NO } } },
    { "cap", "hypervCapabilities", CP_KIND_NONE, NULL, { { "name", CP_KIND_HYPERV } } },
};

const CpSchemaElement cp_schema_options = {
    "?capprobe",
    NULL,
    CP_KIND_NONE,
    NULL,
    { { "machine", CP_KIND_MACHINE },
      { "type", CP_KIND_VIRT_TYPE },
      { "arch", CP_KIND_ARCH },
      { "emulator", CP_KIND_STRING },
      { "allocation", CP_KIND_COUNT },
      { "read", CP_KIND_COUNT },
      { "emulator-ctime", CP_KIND_STAMP },
      { "module-mtime", CP_KIND_STAMP },
      { "kvm", CP_KIND_HOST_STATE },
      { "nested", CP_KIND_YES_NO },
      { "secure-guest", CP_KIND_YES_NO },
      { "microcode", CP_KIND_COUNT },
      { "kernel", CP_KIND_STRING },
      { "signature", CP_KIND_STRING },
      { "file", CP_KIND_HOST_STATE },
      { "signed", CP_KIND_YES_NO },
      { "step", CP_KIND_STEP } },
};

const gsize cp_schema_length = G_N_ELEMENTS(cp_schema);

const CpSchemaElement *
cp_schema_find(const char *name, const char *parent)
{
    for (guint i = 0; i < G_N_ELEMENTS(cp_schema); i++) {
        if (g_str_equal(cp_schema[i].name, name) && g_strcmp0(cp_schema[i].parent, parent) == 0)
            return &cp_schema[i];
    }
    return NULL;
}

guint
cp_schema_width(const CpSchemaElement *element)
{
    guint width = 0;

    while (element->attributes[width].name)
        width++;
    return width;
}

CpKind
cp_schema_kind(const CpSchemaElement *element, const char *attribute)
{
    for (const CpSchemaAttribute *row = element ? element->attributes : NULL; row && row->name; row++) {
        if (g_str_equal(row->name, attribute))
            return row->kind;
    }
    return CP_KIND_STRING;
}
