/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces what libvirt and libxml2 read from the machine: files, CPU and clock. */
#include <config.h>

#include "world/fake-host.h"

#include <libxml/catalog.h>
#include <libxml/parserInternals.h>

#include "internal.h"
#include "cpu/cpu.h"
#include "driver/fault.h"
#include "driver/no-slices.h"
#include "driver/progress-counters.h"
#include "driver/target.h"
#include "util/virerror.h"
#include "util/virlog.h"
#include "world/fake-firmware.h"
#include "world/mend-capabilities.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(virCPUGetHost) __wrap_virCPUGetHost;
time_t __wrap_virGetSelfLastChanged(void);
void __wrap_virHostCPUX86GetCPUID(
    uint32_t leaf, uint32_t subleaf, uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx);
int __wrap_virFileReadAll(const char *path, int maxlen, char **content);
time_t __wrap_time(time_t *now);

#define VIR_FROM_THIS VIR_FROM_NONE

static CpFakeHostFile document;
static virCPUData *host_cpu;
static virCPUDef *host_model; /* what libvirt decodes from host_cpu if it may choose any model */

/*
 * Family 6, model 60, stepping 3: a Haswell. It has few features beyond that model, because for each one libvirt
 * searches all the features that it knows. One of them is OSXSAVE, which every host has and libvirt must hide from
 * guests.
 */
static const char host_cpuid[] = "<cpudata arch='x86'>"
                                 "<cpuid eax_in='0x0' ecx_in='0x0' eax='0xd' ebx='0x756e6547' ecx='0x6c65746e'"
                                 " edx='0x49656e69'/>"
                                 "<cpuid eax_in='0x1' ecx_in='0x0' eax='0x306c3' ebx='0x100800' ecx='0x1ffa3a23'"
                                 " edx='0x78bfbfd'/>"
                                 "<cpuid eax_in='0x7' ecx_in='0x0' eax='0x0' ebx='0x27b9' ecx='0x0' edx='0x0'/>"
                                 "<cpuid eax_in='0x80000001' ecx_in='0x0' eax='0x0' ebx='0x0' ecx='0x1'"
                                 " edx='0x28100800'/>"
                                 "<cpuid eax_in='0x80000007' ecx_in='0x0' eax='0x0' ebx='0x0' ecx='0x0' edx='0x100'/>"
                                 "</cpudata>";

/*
 * The CPU map has libvirt's vendors and features, but few models: libvirt compares a CPU with every model in the map,
 * up to four times per document. With all models that takes twenty times as long as loading the document.
 */
static const char map_index[] = "<cpus>"
                                "<arch name='x86'><include filename='x86_vendors.xml'/>"
                                "<include filename='x86_features.xml'/><include filename='x86_qemu64.xml'/>"
                                "<include filename='x86_Haswell.xml'/><include filename='x86_EPYC.xml'/></arch>"
                                "<arch name='ppc64'><include filename='ppc64_vendors.xml'/>"
                                "<include filename='ppc64_POWER9.xml'/></arch>"
                                "<arch name='arm'><include filename='arm_vendors.xml'/>"
                                "<include filename='arm_features.xml'/><include filename='arm_cortex-a57.xml'/></arch>"
                                "</cpus>";
static const CpFakeHostFile map_index_file = { "index.xml", map_index, map_index + sizeof(map_index) - 1 };

/* --- files --- */

typedef struct {
    const CpFakeHostFile *file;
    const char *position;
} CpFakeHostReader;

gboolean
cp_fake_host_has_document(const char *path)
{
    return document.data && g_str_has_prefix(path, CP_FAKE_HOST_DIRECTORY "/");
}

static const CpFakeHostFile *
find_file(const char *path)
{
    const char *name = strrchr(path, '/');
    const CpFakeHostFile *file;

    if (cp_fake_host_has_document(path))
        return &document;
    if (g_str_has_prefix(path, CP_FAKE_HOST_SCHEMAS "/")) {
        file = cp_fake_host_schemas;
    } else if (name && strstr(path, "/cpu_map/")) {
        if (STREQ(name + 1, map_index_file.name))
            return &map_index_file;
        file = cp_fake_host_cpu_map;
    } else {
        return NULL;
    }
    while (file->name && STRNEQ(file->name, name + 1))
        file++;
    return file->name ? file : NULL;
}

static int
reader_read(void *context, char *buffer, int length)
{
    CpFakeHostReader *reader = context;
    int n = MIN(length, reader->file->end - reader->position);

    if (reader->file == &document &&
        cp_fault_read(reader->position - document.data, reader->position + n - document.data))
        return -1;
    memcpy(buffer, reader->position, n);
    reader->position += n;
    return n;
}

static int
reader_close(void *context)
{
    g_free(context);
    return 0;
}

/* Replaces libxml2's loader, which would search the disk. */
static xmlParserInputPtr
load_file(const char *path, const char *id G_GNUC_UNUSED, xmlParserCtxtPtr context)
{
    const CpFakeHostFile *file = path ? find_file(path) : NULL;

    if (!file)
        return NULL;

    CpFakeHostReader *reader = g_new0(CpFakeHostReader, 1);

    reader->file = file;
    reader->position = file->data;

    xmlParserInputBufferPtr buffer =
        xmlParserInputBufferCreateIO(reader_read, reader_close, reader, XML_CHAR_ENCODING_NONE);

    if (!buffer) {
        g_free(reader);
        return NULL;
    }

    xmlParserInputPtr input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);

    if (input)
        input->filename = (char *)xmlStrdup(BAD_CAST path);
    else
        xmlFreeParserInputBuffer(buffer);
    return input;
}

/* Newer versions of libvirt read the whole file with this before they call the parser. */
int
__wrap_virFileReadAll(const char *path, int maxlen, char **content)
{
    CpFakeHostFile descriptor;
    const CpFakeHostFile *file = cp_fake_firmware_find(path, &descriptor) ? &descriptor : find_file(path);

    if (file && !file->data) {
        virReportSystemError(EACCES, "%s cannot be opened", path);
        return -1;
    }
    if (!file) {
        virReportSystemError(ENOENT, "%s does not exist", path);
        return -1;
    }
    if (file->end - file->data > maxlen) {
        virReportSystemError(EOVERFLOW, "%s is too large", path);
        return -1;
    }
    if (file == &document && cp_fault_read(0, file->end - file->data)) {
        virReportSystemError(EIO, "cannot read %s", path);
        return -1;
    }
    *content = g_strndup(file->data, file->end - file->data);
    return file->end - file->data;
}

void
cp_fake_host_set_document(const char *data, gsize length)
{
    document.data = data;
    document.end = data ? data + length : NULL;
}

/* --- CPU and clock --- */

virCPUData *
cp_fake_host_cpu(void)
{
    return host_cpu;
}

virCPUDef *
__wrap_virCPUGetHost(virArch arch, virCPUType type, virNodeInfoPtr node G_GNUC_UNUSED, virDomainCapsCPUModels *models)
{
    g_autoptr(virCPUDef) cpu = NULL;

    models = cp_mend_models(models);
    if (ARCH_IS_X86(arch) && type == VIR_CPU_TYPE_GUEST && !models && host_model) {
        cpu = virCPUDefCopy(host_model);
    } else {
        cpu = virCPUDefNew();
        cpu->type = type;
        if (ARCH_IS_X86(arch) && cpuDecode(cpu, host_cpu, models) < 0)
            return NULL;
    }
    if (type == VIR_CPU_TYPE_HOST)
        cpu->arch = arch;
    return g_steal_pointer(&cpu);
}

/* libvirt uses this only for the leaf that says how many guests can be encrypted. */
void
__wrap_virHostCPUX86GetCPUID(
    uint32_t leaf, uint32_t subleaf G_GNUC_UNUSED, uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
    static const uint32_t sev[] = { 0x1f, 0x163, CP_FAKE_HOST_SEV_MAX, CP_FAKE_HOST_SEV_MIN };
    uint32_t *registers[] = { eax, ebx, ecx, edx };

    for (gsize i = 0; i < G_N_ELEMENTS(registers); i++) {
        if (registers[i])
            *registers[i] = leaf == 0x8000001f ? sev[i] : 0;
    }
}

time_t
__wrap_virGetSelfLastChanged(void)
{
    return CP_FAKE_HOST_SELF_CTIME;
}

/* libxml2 seeds its dictionaries with the time. Every run must behave the same. */
time_t
__wrap_time(time_t *now)
{
    if (now)
        *now = CP_FAKE_HOST_SELF_CTIME;
    return CP_FAKE_HOST_SELF_CTIME;
}

/* --- initialisation --- */

static int
silent_priority(virErrorPtr error G_GNUC_UNUSED, int priority G_GNUC_UNUSED)
{
    return VIR_LOG_DEBUG;
}

static void
silent_error(void *data G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

static void
silent_xml(void *data G_GNUC_UNUSED, const char *format G_GNUC_UNUSED, ...)
{
}

void
cp_fake_host_init(void)
{
    static const virArch mapped[] = { VIR_ARCH_X86_64, VIR_ARCH_PPC64, VIR_ARCH_AARCH64 };
    static gboolean done;

    cp_progress_enter();
    if (done)
        return;
    done = TRUE;

    cp_progress_init();
    cp_fault_init();
    xmlInitParser();
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
    xmlSetExternalEntityLoader(load_file);
    xmlSetGenericErrorFunc(NULL, silent_xml);

    if (virInitialize() < 0)
        g_error("libvirt cannot be initialised: %s", virGetLastErrorMessage());
    virLogSetDefaultPriority(VIR_LOG_ERROR);
    virSetErrorLogPriorityFunc(silent_priority);
    virSetErrorFunc(NULL, silent_error);

    /* libvirt reads its CPU map at first use. That must not happen during an input. */
    for (gsize i = 0; i < G_N_ELEMENTS(mapped); i++) {
        g_auto(GStrv) models = NULL;

        if (virCPUGetModels(mapped[i], &models) < 0)
            g_error("libvirt has no CPU map for %s: %s", virArchToString(mapped[i]), virGetLastErrorMessage());
    }
    if (!(host_cpu = virCPUDataParse(host_cpuid)) ||
        !(host_model = virCPUGetHost(VIR_ARCH_X86_64, VIR_CPU_TYPE_GUEST, NULL, NULL)))
        g_error("libvirt refuses the CPU of the fake host: %s", virGetLastErrorMessage());
    virResetLastError();
}

/* A target that has more to prepare defines its own. */
int __attribute__((weak)) LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    cp_no_slices();
    cp_fake_host_init();
    return 0;
}
