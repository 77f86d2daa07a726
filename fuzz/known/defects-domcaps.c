/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "known/defects-domcaps.h"

#include <glib.h>
#include <string.h>

static gboolean
is_no_path(const char *value)
{
    return value[0] != '/' || !value[1] || strpbrk(value, "\n\r");
}

static gboolean
is_negative(const char *value)
{
    return value[0] == '-';
}

static gboolean
is_raw_text(const char *value)
{
    return strpbrk(value, "<&\r") || strstr(value, "]]>");
}

static gboolean
is_raw_attribute(const char *value)
{
    return strpbrk(value, "<&'") != NULL;
}

static gboolean
is_no_feature(const char *value)
{
    return strspn(value, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") < strlen(value) || !*value;
}

static char *
escaped(const char *value)
{
    g_autofree char *markup = g_markup_escape_text(value, -1);
    g_auto(GStrv) lines = g_strsplit(markup, "\r", -1);

    return g_strjoinv("&#13;", lines);
}

/* The values that a defect shows in: what stands before them, on the same line, and behind; how they look then; and
 * what would do in their place: NULL for the same, escaped. */
static const struct {
    const char *id;
    const char *line;
    const char *before;
    const char *behind;
    gboolean (*shows)(const char *value);
    const char *mended;
} answered[] = {
    { "domcaps-path", "\n  <path>", "", "</path>\n", is_no_path, "/x" },
    { "domcaps-number-sign", "\n  <vcpu max='", "", "'", is_negative, "0" },
    { "domcaps-number-sign", "\n      <cbitpos>", "", "<", is_negative, "0" },
    { "domcaps-number-sign", "\n      <reducedPhysBits>", "", "<", is_negative, "0" },
    { "domcaps-number-sign", "\n        <section node='", "", "'", is_negative, "0" },
    { "domcaps-unescaped", "\n  <machine>", "", "</machine>\n  <arch>", is_raw_text, NULL },
    { "domcaps-unescaped", "\n      <model usable='", ">", "</model>\n", is_raw_text, NULL },
    { "domcaps-unescaped", "\n      <blockers model='", "", "'>\n", is_raw_attribute, NULL },
    { "domcaps-unescaped", "\n        <feature name='", "", "'/>\n", is_raw_attribute, NULL },
    { "domcaps-unescaped", "\n      <feature policy='", "name='", "'/>\n", is_raw_attribute, NULL },
    { "domcaps-unescaped", "\n      <cpu0Id>", "", "</cpu0Id>\n", is_raw_text, NULL },
    { "domcaps-feature-name", "\n      <feature policy='", "name='", "'/>\n", is_no_feature, "x" },
};

/* Mends what row @i of the table above finds in @text; FALSE where it finds nothing. */
static gboolean
mend(GString *text, size_t i)
{
    gboolean found = FALSE;
    char *at = text->str;
    char *end;

    while ((at = strstr(at, answered[i].line)) && (at = strstr(at + strlen(answered[i].line), answered[i].before)) &&
           (end = strstr(at += strlen(answered[i].before), answered[i].behind))) {
        g_autofree char *value = g_strndup(at, end - at);
        gsize position = at - text->str;

        if (answered[i].shows(value)) {
            g_autofree char *mended = answered[i].mended ? g_strdup(answered[i].mended) : escaped(value);

            g_string_erase(text, position, strlen(value));
            g_string_insert(text, position, mended);
            at = text->str + position + strlen(mended);
            found = TRUE;
        }
    }
    return found;
}

const char *
cp_defects_of_answer(const char *answer, char **mended)
{
    GString *text = g_string_new(answer);
    const char *id = NULL;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(answered); i++) {
        if (mend(text, i) && !id)
            id = answered[i].id;
    }
    *mended = g_string_free(text, FALSE);
    return id;
}
