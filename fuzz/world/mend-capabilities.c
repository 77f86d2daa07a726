/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces the functions because of which libvirt saves and loads capabilities wrongly, if that is to be mended. */

/*
 * The functions that format documents are replaced rather than the documents changed: once a value is part of a document
 * without escapes, nobody can tell any more where it ends.
 */

#include <config.h>

#include "internal.h"
#include "conf/domain_capabilities.h"
#include "cpu/cpu.h"
#include "util/virbuffer.h"

#include "driver/property.h"
#include "known/known.h"
#include "world/mend-capabilities.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(virBufferAsprintf) __wrap_virBufferAsprintf;
extern typeof(virBufferEscapeString) __real_virBufferEscapeString;
extern typeof(virBufferEscapeString) __wrap_virBufferEscapeString;
extern typeof(virCPUDataFormat) __real_virCPUDataFormat;
extern typeof(virCPUDataFormat) __wrap_virCPUDataFormat;
extern typeof(virCPUDataNewCopy) __real_virCPUDataNewCopy;
extern typeof(virCPUDataNewCopy) __wrap_virCPUDataNewCopy;
extern typeof(cpuDecode) __real_cpuDecode;
extern typeof(cpuDecode) __wrap_cpuDecode;

#define STRINGS_MAX 3

/* --- numbers and names --- */

/* Calls of virBufferAsprintf() with numbers. */
static const struct {
    CpKnown row;
    const char *format;
    const char *fixed;
} numbers[] = {
    { CP_KNOWN_NUMBER_VERSION, "<version>%d</version>\n", "<version>%u</version>\n" },
    { CP_KNOWN_NUMBER_KVM_VERSION, "<kvmVersion>%d</kvmVersion>\n", "<kvmVersion>%u</kvmVersion>\n" },
    { CP_KNOWN_NUMBER_EMULATOR_TIME, "<qemuctime>%llu</qemuctime>\n", "<qemuctime>%lld</qemuctime>\n" },
    { CP_KNOWN_NUMBER_SELF_TIME, "<selfctime>%llu</selfctime>\n", "<selfctime>%lld</selfctime>\n" },
};

/* Calls of virBufferAsprintf() with strings, one of which may be any text. */
static const struct {
    CpKnown row;
    const char *format;
    gsize any; /* which one, from 0 */
} names[] = {
    { CP_KNOWN_MARKUP_PACKAGE, "<package>%s</package>\n", 0 },
    { CP_KNOWN_MARKUP_KERNEL, "<kernelVersion>%s</kernelVersion>\n", 0 },
    { CP_KNOWN_MARKUP_PROPERTY, "<property name='%s' type='%s' ", 0 },
    { CP_KNOWN_MARKUP_BLOCKER, "<blocker name='%s'/>\n", 0 },
    { CP_KNOWN_MARKUP_HOST_MODEL, "<hostCPU type='%s' model='%s' migratability='%s'>\n", 1 },
    { CP_KNOWN_MARKUP_DEPRECATED, "<property name='%s'/>\n", 0 },
};

/* Returns `text` with its line breaks and tabs as character references, if that is to be mended. */
static char *
escape_whitespace(const char *text)
{
    GString *result = g_string_new(NULL);

    for (; *text; text++) {
        if (strchr("\t\n\r", *text) && cp_known_is_mended(CP_KNOWN_WHITESPACE)) {
            g_string_append_printf(result, "&#%d;", *text);
            cp_known_mended(CP_KNOWN_WHITESPACE);
        } else {
            g_string_append_c(result, *text);
        }
    }
    return g_string_free(result, FALSE);
}

/* Returns `text` with its markup escaped, if `row` is to be mended. */
static char *
escape_name(const char *text, CpKnown row)
{
    if (!cp_known_is_mended(row) || !strpbrk(text, "<>&'"))
        return escape_whitespace(text);

    g_autofree char *escaped = g_markup_escape_text(text, -1);

    cp_known_mended(row);
    return escape_whitespace(escaped);
}

static gboolean
print_number(virBuffer *buffer, const char *format, va_list arguments)
{
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (!cp_known_is_mended(numbers[i].row) || STRNEQ(format, numbers[i].format))
            continue;

        va_list copy;

        va_copy(copy, arguments);
        if (strstr(format, "%d") ? va_arg(copy, int) < 0 : va_arg(copy, long long) < 0)
            cp_known_mended(numbers[i].row);
        va_end(copy);
        virBufferVasprintf(buffer, numbers[i].fixed, arguments);
        return TRUE;
    }
    return FALSE;
}

static gboolean
print_name(virBuffer *buffer, const char *format, va_list arguments)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (STRNEQ(format, names[i].format))
            continue;

        g_auto(GStrv) pieces = g_strsplit(format, "%s", -1);
        g_autofree char *text = NULL;

        for (gsize n = 0; pieces[n]; n++) {
            g_autofree char *value = NULL;

            virBufferAdd(buffer, pieces[n], -1);
            if (!pieces[n + 1])
                break;
            text = g_strdup(va_arg(arguments, const char *));
            value = n == names[i].any && text ? escape_name(text, names[i].row) : g_strdup(text);
            virBufferAdd(buffer, value ? value : "(null)", -1);
            g_clear_pointer(&text, g_free);
        }
        return TRUE;
    }
    return FALSE;
}

void
__wrap_virBufferAsprintf(virBuffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (!cp_known_is_mending() || (!print_number(buffer, format, arguments) && !print_name(buffer, format, arguments)))
        virBufferVasprintf(buffer, format, arguments);
    va_end(arguments);
}

void
__wrap_virBufferEscapeString(virBuffer *buffer, const char *format, const char *text)
{
    if (!cp_known_is_mended(CP_KNOWN_WHITESPACE) || !text || !strpbrk(text, "\t\n\r")) {
        __real_virBufferEscapeString(buffer, format, text);
        return;
    }

    g_auto(virBuffer) escaped = VIR_BUFFER_INITIALIZER;

    __real_virBufferEscapeString(&escaped, "%s", text);

    g_autofree char *content = virBufferContentAndReset(&escaped);
    g_autofree char *fixed = escape_whitespace(content ? content : "");
    g_auto(GStrv) pieces = g_strsplit(format, "%s", 2);

    virBufferAdd(buffer, pieces[0], -1);
    virBufferAdd(buffer, fixed, -1);
    virBufferAdd(buffer, pieces[1] ? pieces[1] : "", -1);
}

/* --- CPU data --- */

char *
__wrap_virCPUDataFormat(const virCPUData *data)
{
    char *text = __real_virCPUDataFormat(data);

    if (text && cp_known_is_mended(CP_KNOWN_CPUDATA_EMPTY) && !strstr(text, "<cpuid ") && !strstr(text, "<msr ") &&
        g_str_has_prefix(text, "<cpudata arch='x86'>")) {
        cp_known_mended(CP_KNOWN_CPUDATA_EMPTY);
        *text = '\0';
    }
    return text;
}

virCPUData *
__wrap_virCPUDataNewCopy(virCPUData *data)
{
    if (data && ARCH_IS_X86(data->arch) && data->data.x86.len == 0 && cp_known_avoids(CP_KNOWN_CPUDATA_COPY_NULL)) {
        cp_property_fails(cp_known_shows(CP_KNOWN_CPUDATA_COPY_NULL), NULL,
                          "libvirt would copy from a null pointer; --provoke lets it");
        return virCPUDataNew(data->arch);
    }
    return __real_virCPUDataNewCopy(data);
}

/* --- an empty list of CPU models, which libvirt loads as no list --- */

virDomainCapsCPUModels *
cp_mend_models(virDomainCapsCPUModels *models)
{
    if (!models || models->nmodels > 0 || !cp_known_is_mended(CP_KNOWN_CPU_MODELS_NONE))
        return models;
    cp_known_mended(CP_KNOWN_CPU_MODELS_NONE);
    return NULL;
}

int
__wrap_cpuDecode(virCPUDef *cpu, const virCPUData *data, virDomainCapsCPUModels *models)
{
    return __real_cpuDecode(cpu, data, cp_mend_models(models));
}
