/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "defects.h"

#include <glib.h>

/*
 * A defect shows in the saved document as text that matches @present, or as a line that starts like @line and is not
 * wholly what @sound says. Regular expressions take their time, but are asked only about a document that has failed.
 */
static const struct {
    const char *id;
    const char *present;
    const char *line;
    const char *sound;
} saved[] = {
    {
        .id = "cpudata-empty",
        .present = "<cpudata [^>]*(/>|>\\s*</cpudata>)",
    },
    {
        .id = "number-sign",
        .present = "<(version|kvmVersion)>-|<(qemuctime|qemumoddirmtime|selfctime)>(9[3-9]|[0-9]{2})[0-9]{18}",
    },
    {
        .id = "cache-unreadable-by-self",
        .line = "  <(package|kernelVersion)>",
        .sound = "  <(package|kernelVersion)>[^<&]*</\\g1>",
    },
    {
        .id = "cache-unreadable-by-self",
        .line = "    <(property|blocker) |  <hostCPU ",
        .sound = "    <property name='[^<&']*'( type='[a-z]+' value='[^<']*'( migratable='[a-z]+')?)?/>|"
                 "    <blocker name='[^<&']*'/>|"
                 "  <hostCPU type='[a-z]+' model='[^<&']*' migratability='[a-z]+'>",
    },
    {
        .id = "attribute-whitespace",
        .present = "='[^'\\n\\r\\t]*[\\n\\r\\t]|\\r",
    },
};

static gboolean
shows(const char *document, const char *present)
{
    return present && g_regex_match_simple(present, document, G_REGEX_RAW, 0);
}

static gboolean
unsound(const char *document, const char *line, const char *sound)
{
    g_autofree char *pattern = NULL;

    if (!line)
        return FALSE;
    pattern = g_strdup_printf("^(?!(?:%s)$)(?:%s)", sound, line);
    return g_regex_match_simple(pattern, document, G_REGEX_RAW | G_REGEX_MULTILINE, 0);
}

const char *
cp_defects_of_saved(const char *document)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(saved); i++) {
        if (shows(document, saved[i].present) || unsound(document, saved[i].line, saved[i].sound))
            return saved[i].id;
    }
    return NULL;
}
