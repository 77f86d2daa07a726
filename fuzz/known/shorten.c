/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes surplus leaves and attributes from documents. */
#include "known/shorten.h"

#include <string.h>

#include "driver/property.h"
#include "known/known.h"

/* Loading takes about a second, with sanitizers, for several times as many of these. */
#define LEAVES_MAX 2000
#define ATTRIBUTES_MAX 10000

/* How many are kept of more than these: so few that the document is as fast as others. */
#define LEAVES_KEPT 200
#define ATTRIBUTES_KEPT 200

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

/* Returns the length of the leaf that begins at `at`, or 0 if there is none. */
static gsize
leaf_length(const char *at, const char *end)
{
    static const char *const words[][2] = { { "<cpuid", "</cpuid>" }, { "<msr", "</msr>" } };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (end - at <= strlen(words[i][0]) || memcmp(at, words[i][0], strlen(words[i][0])) != 0)
            continue;

        const char *close = memchr(at, '>', end - at);

        if (!close)
            return end - at;
        if (close[-1] != '/') {
            const char *last = memmem(close, end - close, words[i][1], strlen(words[i][1]));

            close = last ? last + strlen(words[i][1]) - 1 : close;
        }
        return close + 1 - at;
    }
    return 0;
}

/* Returns the document with its first leaves only. */
static GString *
drop_leaves(const char *document, const char *end)
{
    GString *result = g_string_new(NULL);
    gsize leaves = 0;

    for (const char *at = document; at < end;) {
        gsize length = leaf_length(at, end);

        if (length > 0 && leaves++ >= LEAVES_KEPT) {
            at += length;
            continue;
        }
        g_string_append_len(result, at, MAX(length, 1));
        at += MAX(length, 1);
    }
    return result;
}

/* Returns the document in which each element has only its first attributes. */
static GString *
drop_attributes(const char *document, const char *end)
{
    GString *result = g_string_new(NULL);
    gsize attributes = 0;
    gboolean tag = FALSE;
    char quote = 0;

    for (const char *at = document; at < end; at++) {
        gboolean separates = FALSE;

        if (quote) {
            if (*at == quote) {
                quote = 0;
                attributes++;
                separates = TRUE;
            }
        } else if (*at == '<') {
            tag = TRUE;
            attributes = 0;
        } else if (*at == '>' || (*at == '/' && tag && at + 1 < end && at[1] == '>')) {
            tag = FALSE;
        } else if (tag && (*at == '\'' || *at == '"')) {
            quote = *at;
        }
        if (!tag || attributes < ATTRIBUTES_KEPT || (separates && attributes == ATTRIBUTES_KEPT))
            g_string_append_c(result, *at);
    }
    return result;
}

static gboolean
has_many_attributes(const char *document, const char *end)
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

char *
cp_known_shorten(const char *document, gsize *length)
{
    const char *end = document + *length;
    GString *result = NULL;
    CpKnown row;

    /* A document this short cannot contain so many. */
    if (*length <= LEAVES_MAX)
        return NULL;
    if (cp_known_avoids(CP_KNOWN_CPUDATA_QUADRATIC) &&
        count(document, end, "<cpuid") + count(document, end, "<msr") > LEAVES_MAX) {
        row = CP_KNOWN_CPUDATA_QUADRATIC;
        result = drop_leaves(document, end);
    } else if (cp_known_avoids(CP_KNOWN_ATTRIBUTES_QUADRATIC) && has_many_attributes(document, end)) {
        row = CP_KNOWN_ATTRIBUTES_QUADRATIC;
        result = drop_attributes(document, end);
    } else {
        return NULL;
    }
    cp_property_fails(cp_known_shows(row), NULL, "it would take too long to load; --provoke loads it as it is");
    *length = result->len;
    return g_string_free(result, FALSE);
}
