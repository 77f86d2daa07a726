/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads capabilities, and asks libvirt everything about them. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "world/caps.h"

#include "driver/progress-counters.h"
#include "driver/property.h"
#include "qemu/qemu_capspriv.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

/* For how many names libvirt is asked. Each question makes it search through all of them. */
#define NAMES_MAX 32

/* Returns the text from `at` to `end` with XML's predefined entities resolved. */
static char *
resolve_entities(const char *at, const char *end)
{
    static const struct {
        const char *entity;
        char character;
    } entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&apos;", '\'' }, { "&quot;", '"' } };
    GString *value = g_string_new(NULL);

    while (at < end) {
        const char *plain = memchr(at, '&', end - at) ?: end;

        g_string_append_len(value, at, plain - at);
        at = plain;
        for (gsize i = 0; at < end && i < G_N_ELEMENTS(entities); i++) {
            if (g_str_has_prefix(at, entities[i].entity)) {
                g_string_append_c(value, entities[i].character);
                at += strlen(entities[i].entity);
                break;
            }
        }
        if (at == plain && at < end)
            g_string_append_c(value, *at++);
    }
    return g_string_free(value, FALSE);
}

/* Returns the text after the first `tag`, or NULL. */
static char *
text_after(const char *document, gsize length, const char *tag)
{
    const char *start = length > 0 ? memmem(document, length, tag, strlen(tag)) : NULL;

    if (!start)
        return NULL;
    start += strlen(tag);

    const char *end = memchr(start, '<', length - (start - document));

    return end ? resolve_entities(start, end) : NULL;
}

virArch
cp_caps_arch(const char *document, gsize length)
{
    g_autofree char *name = text_after(document, length, "<arch>");
    virArch arch = name ? virArchFromString(name) : VIR_ARCH_NONE;

    return arch != VIR_ARCH_NONE ? arch : CP_FAKE_HOST_ARCH;
}

virQEMUCaps *
cp_caps_load(
    const char *document, gsize length, const char *emulator, virArch host, CpCapsWriter writer, CpCapsVerdict *verdict)
{
    g_autofree char *named = emulator ? NULL : text_after(document, length, "<emulator>");
    g_autoptr(virQEMUCaps) caps = virQEMUCapsNewBinary(emulator ?: named ?: CP_FAKE_EMULATOR);

    cp_fake_host_set_document(length > 0 ? document : "", length);
    virResetLastError();
    *verdict = virQEMUCapsLoadCache(host, caps, CP_FAKE_HOST_DOCUMENT, writer == CP_CAPS_ANY_WRITER);
    cp_fake_host_set_document("", 0);
    if (*verdict == CP_CAPS_LOADED)
        cp_progress_reach(CP_PROGRESS_LOADED);

    CP_PROPERTY(*verdict >= CP_CAPS_REFUSED && *verdict <= CP_CAPS_STALE,
                "the loader returns %d, which is not a valid result", *verdict);
    return g_steal_pointer(&caps);
}

char *
cp_caps_format(virQEMUCaps *caps)
{
    return virQEMUCapsFormatCache(caps);
}

/* --- what libvirt says --- */

static void
put(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s: %s\n", key, value ? value : "-");
}

static void G_GNUC_PRINTF(3, 4) put_f(GString *text, const char *key, const char *format, ...)
{
    va_list arguments;

    g_string_append_printf(text, "%s: ", key);
    va_start(arguments, format);
    g_string_append_vprintf(text, format, arguments);
    va_end(arguments);
    g_string_append_c(text, '\n');
}

GPtrArray *
cp_caps_machines(const char *formatted, virDomainVirtType type)
{
    g_autofree char *tag = g_strdup_printf("<machine type='%s' name='",
                                           type == VIR_DOMAIN_VIRT_QEMU ? "tcg" : virDomainVirtTypeToString(type));
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *at = formatted;

    while (names->len < NAMES_MAX && (at = strstr(at, tag))) {
        at += strlen(tag);

        const char *end = strchr(at, '\'');

        if (!end)
            break;
        g_ptr_array_add(names, resolve_entities(at, end));
    }
    return names;
}

static void
read_out_machines(GString *text, virQEMUCaps *caps, virDomainVirtType type, const char *formatted)
{
    g_autoptr(GPtrArray) names = cp_caps_machines(formatted, type);

    put(text, "preferred", virQEMUCapsGetPreferredMachine(caps, type));
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        put(text, "machine", name);
        put(text, "canonical", virQEMUCapsGetCanonicalMachine(caps, type, name));
        put_f(text, "supported", "%d", virQEMUCapsIsMachineSupported(caps, type, name));
        put_f(text, "cpus", "%d", virQEMUCapsGetMachineMaxCpus(caps, type, name));
        put_f(text, "hotplug", "%d", virQEMUCapsGetMachineHotplugCpus(caps, type, name));
        put(text, "default-cpu", virQEMUCapsGetMachineDefaultCPU(caps, name, type));
        put(text, "default-ram", virQEMUCapsGetMachineDefaultRAMid(caps, type, name));
        put_f(text, "numa", "%d", virQEMUCapsGetMachineNumaMemSupported(caps, type, name));
        put_f(text, "deprecated", "%d", virQEMUCapsIsMachineDeprecated(caps, type, name));
#ifdef CP_HAVE_MACHINE_SUPPORTS_ACPI
        put_f(text, "acpi", "%d", virQEMUCapsMachineSupportsACPI(caps, type, name));
#endif
    }
}

static void
read_out_models(GString *text, virQEMUCaps *caps, virDomainVirtType type)
{
    g_autoptr(virDomainCapsCPUModels) models = virQEMUCapsGetCPUModels(caps, type, NULL, NULL);

    for (gsize i = 0; models && i < models->nmodels; i++) {
        const virDomainCapsCPUModel *model = models->models + i;
        g_autofree char *blockers = model->blockers ? g_strjoinv(",", model->blockers) : NULL;

        put(text, "model", model->name);
        put(text, "usable", virDomainCapsCPUUsableTypeToString(model->usable));
        put(text, "blockers", blockers);
        put(text, "vendor", model->vendor);
        put_f(text, "deprecated", "%d", model->deprecated);
        if (i < NAMES_MAX)
            put_f(text, "deprecated-by-name", "%d", virQEMUCapsIsCPUDeprecated(caps, type, model->name));
    }
}

static void
read_out_host_cpu(GString *text, virQEMUCaps *caps, virDomainVirtType type)
{
    static const virQEMUCapsHostCPUType kinds[] = {
        VIR_QEMU_CAPS_HOST_CPU_REPORTED,
        VIR_QEMU_CAPS_HOST_CPU_MIGRATABLE,
        VIR_QEMU_CAPS_HOST_CPU_FULL,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        virCPUDef *cpu = virQEMUCapsGetHostModel(caps, type, kinds[i]);
        g_autofree char *xml = cpu ? virCPUDefFormat(cpu, NULL) : NULL;

        put(text, "host-cpu", xml);
    }
    for (int migratable = 0; migratable <= 1; migratable++) {
        g_auto(GStrv) features = NULL;
        int status = virQEMUCapsGetCPUFeatures(caps, type, migratable, &features);
        g_autofree char *list = features ? g_strjoinv(",", features) : NULL;

        put_f(text, "features", "%d %s", status, list ? list : "-");
    }
}

static void
read_out_type(GString *text, virQEMUCaps *caps, virDomainVirtType type, const char *formatted)
{
    put(text, "type", virDomainVirtTypeToString(type));
    for (virCPUMode mode = 0; mode < VIR_CPU_MODE_LAST; mode++)
        put_f(text, "cpu-mode", "%d", virQEMUCapsIsCPUModeSupported(caps, virQEMUCapsGetArch(caps), type, mode, NULL));
    put_f(text, "gic", "%d %d", virQEMUCapsSupportsGICVersion(caps, type, VIR_GIC_VERSION_2),
          virQEMUCapsSupportsGICVersion(caps, type, VIR_GIC_VERSION_3));
    read_out_machines(text, caps, type, formatted);
    read_out_models(text, caps, type);
    read_out_host_cpu(text, caps, type);
}

static void
read_out_secure_guests(GString *text, virQEMUCaps *caps)
{
    const virSEVCapability *sev = virQEMUCapsGetSEVCapabilities(caps);
    const virSGXCapability *sgx = virQEMUCapsGetSGXCapabilities(caps);

    put_f(text, "secure-guest", "%d", virQEMUCapsGetKVMSupportsSecureGuest(caps));
    if (sev) {
        put_f(text, "sev", "%u %u %u %u", sev->cbitpos, sev->reduced_phys_bits, sev->max_guests, sev->max_es_guests);
        put(text, "pdh", sev->pdh);
        put(text, "certificates", sev->cert_chain);
        put(text, "cpu0", sev->cpu0_id);
    }
    if (sgx) {
        put_f(text, "sgx", "%d %d %d %llu", sgx->flc, sgx->sgx1, sgx->sgx2, sgx->section_size);
        for (gsize i = 0; i < sgx->nSgxSections; i++)
            put_f(text, "section", "%u %llu", sgx->sgxSections[i].node, sgx->sgxSections[i].size);
    }
}

static gboolean
is_stamp(const char *line)
{
    static const char *const stamps[] = { "  <qemumoddirmtime>", "  <selfctime>", "  <selfvers>" };

    for (gsize i = 0; i < G_N_ELEMENTS(stamps); i++) {
        if (g_str_has_prefix(line, stamps[i]))
            return TRUE;
    }
    return FALSE;
}

/* Adds the saved document without its stamps: for some of it, such as <hypervCapabilities>, libvirt has no function. */
static void
read_out_formatted(GString *text, const char *formatted)
{
    const char *end = formatted + strlen(formatted);
    const char *next;

    for (const char *line = formatted; line < end; line = next) {
        next = (memchr(line, '\n', end - line) ?: end - 1) + 1;
        if (!is_stamp(line)) {
            g_string_append(text, "formatted: ");
            g_string_append_len(text, line, next - line);
        }
    }
}

char *
cp_caps_read_out(virQEMUCaps *caps)
{
    static const virDomainVirtType types[] = { VIR_DOMAIN_VIRT_QEMU, VIR_DOMAIN_VIRT_KVM, VIR_DOMAIN_VIRT_HVF };
    g_autofree char *formatted = cp_caps_format(caps);
    GString *text = g_string_new(NULL);

    put(text, "binary", virQEMUCapsGetBinary(caps));
    put(text, "arch", virArchToString(virQEMUCapsGetArch(caps)));
    put_f(text, "version", "%u", virQEMUCapsGetVersion(caps));
    put(text, "package", virQEMUCapsGetPackage(caps));
#ifdef CP_HAVE_GET_KVM_VERSION
    put_f(text, "kvm-version", "%u", virQEMUCapsGetKVMVersion(caps));
#endif
    put(text, "virt-type", virDomainVirtTypeToString(virQEMUCapsGetVirtType(caps)));
    for (gsize i = 0; i < QEMU_CAPS_LAST; i++) {
        if (virQEMUCapsGet(caps, i))
            put(text, "flag", virQEMUCapsTypeToString(i));
    }
    read_out_secure_guests(text, caps);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (virQEMUCapsIsVirtTypeSupported(caps, types[i]))
            read_out_type(text, caps, types[i], formatted);
    }
    read_out_formatted(text, formatted);
    return g_string_free(text, FALSE);
}
