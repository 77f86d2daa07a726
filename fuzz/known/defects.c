/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recognises the known defects that targets meet often, by the document that shows them. All known defects are listed in
 * corpus/bugs/. */
#include "known/defects.h"

#include <string.h>

/* Regular expressions are slow, but only documents that failed a check are searched. */
static gboolean
matches(const char *document, const char *pattern)
{
    return g_regex_match_simple(pattern, document, G_REGEX_RAW | G_REGEX_MULTILINE, 0);
}

static gboolean
cpudata_empty(const char *document)
{
    return matches(document, "<cpudata [^>]*(/>|>\\s*</cpudata>)");
}

/* A negative version, or a time that is too large for the loader. */
static gboolean
number_sign(const char *document)
{
    static const char *const stamps[] = { "<qemuctime>", "<qemumoddirmtime>", "<selfctime>" };

    for (gsize i = 0; i < G_N_ELEMENTS(stamps); i++) {
        const char *stamp = strstr(document, stamps[i]);

        if (stamp && g_ascii_strtoull(stamp + strlen(stamps[i]), NULL, 10) > G_MAXINT64)
            return TRUE;
    }
    return matches(document, "<(version|kvmVersion)>-");
}

/* A line in which libvirt does not escape values is not what it would be with a harmless value. */
static gboolean
cache_unreadable_by_self(const char *document)
{
    return matches(document, "^(?!("
                             "  <(package|kernelVersion)>((?!]]>)[^<&])*</(package|kernelVersion)>|"
                             "    <property name='[^<&']*'( type='[a-z]+' value='[^<']*'( migratable='[a-z]+')?)?/>|"
                             "    <blocker name='[^<&']*'/>|"
                             "  <hostCPU type='[a-z]+' model='[^<&']*' migratability='[a-z]+'>"
                             ")$)(  <package>|  <kernelVersion>|    <property |    <blocker |  <hostCPU )");
}

static gboolean
attribute_whitespace(const char *document)
{
    return matches(document, "='[^'\\n\\r\\t]*[\\n\\r\\t]|\\r");
}

static gboolean
sev_cpu0_id(const char *document)
{
    return strstr(document, "<cpu0Id>") != NULL;
}

/* An accelerator, or machines for it, without CPU models. This is true of many small documents, so it is the last row. */
static gboolean
cpu_models_none(const char *document)
{
    static const char *const types[] = { "kvm", "tcg" };

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree char *machine = g_strdup_printf("<machine type='%s'", types[i]);
        g_autofree char *flag = g_strdup_printf("<flag name='%s'/>", types[i]);
        g_autofree char *model = g_strdup_printf("<cpu type='%s'", types[i]);

        if ((strstr(document, machine) || strstr(document, flag)) && !strstr(document, model))
            return TRUE;
    }
    return FALSE;
}

static const struct {
    const char *id;
    gboolean (*shows)(const char *document);
} saved[] = {
    { "cpudata-empty", cpudata_empty },
    { "number-sign", number_sign },
    { "cache-unreadable-by-self", cache_unreadable_by_self },
    { "attribute-whitespace", attribute_whitespace },
    { "sev-cpu0-id", sev_cpu0_id },
    { "cpu-models-none", cpu_models_none },
};

const char *
cp_defects_of_saved(const char *document)
{
    for (gsize i = 0; i < G_N_ELEMENTS(saved); i++) {
        if (saved[i].shows(document))
            return saved[i].id;
    }
    return NULL;
}

const char *
cp_defects_of_copied(const char *document)
{
    return cpudata_empty(document) ? "cpudata-copy-null" : NULL;
}

/* Loading takes about a second, with sanitizers, for several times as many of these. */
#define LEAVES_MAX 2000
#define ATTRIBUTES_MAX 10000

static gsize
count(const char *at, const char *end, const char *word)
{
    gsize n = 0;

    while ((at = memmem(at, end - at, word, strlen(word)))) {
        at += strlen(word);
        n++;
    }
    return n;
}

static gboolean
cpudata_quadratic(const char *document, const char *end)
{
    return count(document, end, "<cpuid") + count(document, end, "<msr") > LEAVES_MAX;
}

static gboolean
attributes_quadratic(const char *document, const char *end)
{
    const char *tag = document;

    while ((tag = memchr(tag, '<', end - tag))) {
        const char *next = memchr(tag + 1, '<', end - tag - 1) ?: end;

        if (count(tag, next, "=") > ATTRIBUTES_MAX)
            return TRUE;
        tag = next;
    }
    return FALSE;
}

const char *
cp_defects_of_size(const char *document, gsize length)
{
    /* A document this short cannot contain so many. */
    if (length <= LEAVES_MAX)
        return NULL;
    if (cpudata_quadratic(document, document + length))
        return "cpudata-quadratic";
    return attributes_quadratic(document, document + length) ? "attributes-quadratic" : NULL;
}

const char *
cp_defects_of_fault(CpFault fault)
{
    switch (fault) {
    case CP_FAULT_READ:
        return "read-error-is-end";
    case CP_FAULT_PARSING:
    case CP_FAULT_QUERYING:
        return "allocation-failure-ignored";
    case CP_FAULT_NONE:
        break;
    }
    return NULL;
}
