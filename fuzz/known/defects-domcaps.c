/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds values in domain capabilities that a known defect made invalid, and corrects them. */
#include "known/defects-domcaps.h"

#include <string.h>

static gboolean
is_bad_path(const char *value)
{
    return value[0] != '/' || !value[1] || strpbrk(value, "\n\r");
}

static gboolean
is_negative(const char *value)
{
    return value[0] == '-';
}

static gboolean
is_unescaped_text(const char *value)
{
    return strpbrk(value, "<&\r") || strstr(value, "]]>");
}

static gboolean
is_unescaped_attribute(const char *value)
{
    return strpbrk(value, "<&'") != NULL;
}

static gboolean
is_bad_feature(const char *value)
{
    return strspn(value, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") < strlen(value) || !*value;
}

static char *
escape(const char *value)
{
    g_autofree char *markup = g_markup_escape_text(value, -1);
    g_auto(GStrv) lines = g_strsplit(markup, "\r", -1);

    return g_strjoinv("&#13;", lines);
}

/* A place where a known defect can show. */
static const struct {
    CpKnown known;
    const char *line;                     /* how the line begins */
    const char *before;                   /* what is between that and the value */
    const char *after;                    /* what follows the value */
    gboolean (*shows)(const char *value); /* whether the defect shows in the value */
    const char *fixed;                    /* a valid value to put in its place; NULL: the value itself, escaped */
} rows[] = {
    { CP_KNOWN_DOMCAPS_PATH, "\n  <path>", "", "</path>\n", is_bad_path, "/x" },
    { CP_KNOWN_DOMCAPS_VCPUS, "\n  <vcpu max='", "", "'", is_negative, "0" },
    { CP_KNOWN_DOMCAPS_CBITPOS, "\n      <cbitpos>", "", "<", is_negative, "0" },
    { CP_KNOWN_DOMCAPS_PHYS_BITS, "\n      <reducedPhysBits>", "", "<", is_negative, "0" },
    { CP_KNOWN_DOMCAPS_NODE, "\n        <section node='", "", "'", is_negative, "0" },
    { CP_KNOWN_DOMCAPS_MACHINE, "\n  <machine>", "", "</machine>\n  <arch>", is_unescaped_text, NULL },
    { CP_KNOWN_DOMCAPS_MODEL, "\n      <model usable='", ">", "</model>\n", is_unescaped_text, NULL },
    { CP_KNOWN_DOMCAPS_BLOCKERS, "\n      <blockers model='", "", "'>\n", is_unescaped_attribute, NULL },
    { CP_KNOWN_DOMCAPS_BLOCKER, "\n        <feature name='", "", "'/>\n", is_unescaped_attribute, NULL },
    { CP_KNOWN_DOMCAPS_FEATURE, "\n      <feature policy='", "name='", "'/>\n", is_unescaped_attribute, NULL },
    { CP_KNOWN_DOMCAPS_CPU0_ID, "\n      <cpu0Id>", "", "</cpu0Id>\n", is_unescaped_text, NULL },
    { CP_KNOWN_DOMCAPS_FEATURE_NAME, "\n      <feature policy='", "name='", "'/>\n", is_bad_feature, "x" },
};

/* Corrects all values in `text` in which row `i` shows. Returns FALSE if there are none. */
static gboolean
fix(GString *text, gsize i)
{
    gboolean found = FALSE;
    const char *at = text->str;
    const char *end;

    while ((at = strstr(at, rows[i].line)) && (at = strstr(at + strlen(rows[i].line), rows[i].before)) &&
           (end = strstr(at += strlen(rows[i].before), rows[i].after))) {
        g_autofree char *value = g_strndup(at, end - at);

        if (rows[i].shows(value)) {
            g_autofree char *fixed = rows[i].fixed ? g_strdup(rows[i].fixed) : escape(value);
            gsize position = at - text->str;

            g_string_erase(text, position, strlen(value));
            g_string_insert(text, position, fixed);
            at = text->str + position + strlen(fixed);
            found = TRUE;
        }
    }
    return found;
}

CpKnownSet
cp_defects_of_answer(const char *answer, char **fixed)
{
    GString *text = g_string_new(answer);
    CpKnownSet set = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (cp_known_has(rows[i].known) && fix(text, i))
            set |= CP_KNOWN_BIT(rows[i].known);
    }
    *fixed = g_string_free(text, FALSE);
    return set;
}
