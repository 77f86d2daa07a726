/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison as Markdown. */
#include <string.h>

#include "base/text.h"
#include "show/comparison.h"

/* Returns the text as one line in which nothing has a meaning for Markdown. The caller owns it. */
static char *
escape(const char *text)
{
    g_autofree char *line = cp_text_printable(text);
    GString *escaped = g_string_new(NULL);
    for (const char *at = line; *at; at++) {
        if (strchr("\\`*_{}[]<>#|~&", *at))
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *at);
    }
    return g_string_free(escaped, FALSE);
}

/* Prints the cells; of heads, the sign of alignment is not printed. */
static void
print_row(const char *const *cells, gboolean heads, FILE *out)
{
    for (const char *const *cell = cells; *cell; cell++) {
        g_autofree char *text = escape(heads && **cell == '<' ? *cell + 1 : *cell);
        fprintf(out, "| %s ", text);
    }
    fputs("|\n", out);
}

/* Begins a table. */
static void
print_heads(const char *const *heads, FILE *out)
{
    fputs("\n", out);
    print_row(heads, TRUE, out);
    for (const char *const *head = heads; *head; head++)
        fputs(**head == '<' ? "|---" : "|---:", out);
    fputs("|\n", out);
}

static void
print_list(GStrv lines, FILE *out)
{
    if (*lines)
        fputs("\n", out);
    for (char **line = lines; *line; line++) {
        g_autofree char *text = escape(*line);
        fprintf(out, "* %s\n", text);
    }
}

void
cp_comparison_print_markdown(const CpComparison *comparison, FILE *out)
{
    g_autofree char *headline = cp_comparison_headline(comparison), *title = escape(headline);
    g_auto(GStrv) findings = cp_comparison_findings(comparison), remarks = cp_comparison_remarks(comparison);
    g_autoptr(GPtrArray) costs = cp_comparison_cost_rows(comparison);
    fprintf(out, "**%s**\n", title);
    print_list(findings, out);
    if (comparison->lines->len > 0)
        print_heads(cp_comparison_heads, out);
    for (guint i = 0; i < comparison->lines->len; i++) {
        g_auto(GStrv) cells = cp_comparison_cells(&g_array_index(comparison->lines, CpComparedLine, i));
        print_row((const char *const *)cells, FALSE, out);
    }
    if (costs->len > 0)
        print_heads(cp_comparison_cost_heads, out);
    for (guint i = 0; i < costs->len; i++)
        print_row(costs->pdata[i], FALSE, out);
    print_list(remarks, out);
}
