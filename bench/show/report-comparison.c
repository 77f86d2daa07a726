/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a report that compares two sides. */
#include "show/comparison.h"
#include "show/report-parts.h"

static void
write_lines(char **lines, CpMarkup *markup)
{
    if (!*lines)
        return;
    cp_markup_open(markup, "ul", NULL);
    for (; *lines; lines++)
        cp_markup_add(markup, "li", NULL, "%s", *lines);
    cp_markup_close(markup);
}

/* Returns the heads without the mark of alignment. The caller owns the array, but not the texts. */
static const char **
plain_heads(const char *const *marked)
{
    guint n = g_strv_length((GStrv)marked);
    const char **heads = g_new0(const char *, n + 1);
    for (guint i = 0; i < n; i++)
        heads[i] = marked[i] + (marked[i][0] == '<');
    return heads;
}

static void
write_row(const char *const *heads, GStrv cells, CpMarkup *markup)
{
    cp_markup_open(markup, "tr", NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_text(markup, "%s", cells[0]);
    cp_markup_close(markup);
    for (guint i = 1; cells[i]; i++)
        cp_report_write_cell(markup, heads[i], "%s", cells[i]);
    cp_markup_close(markup);
}

/* `rows`: of GStrv. */
static void
write_table(const char *const *marked_heads, const GPtrArray *rows, CpMarkup *markup)
{
    g_autofree const char **heads = plain_heads(marked_heads);
    if (rows->len == 0)
        return;
    cp_markup_open(markup, "table", "class", "stack", NULL);
    cp_report_write_heads(markup, heads);
    cp_markup_open(markup, "tbody", NULL);
    for (guint i = 0; i < rows->len; i++)
        write_row(heads, rows->pdata[i], markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
}

static void
write_comparison(const CpComparison *comparison, CpMarkup *markup)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev),
                         costs = cp_comparison_cost_rows(comparison);
    g_autofree char *headline = cp_comparison_headline(comparison);
    g_auto(GStrv) findings = cp_comparison_findings(comparison), remarks = cp_comparison_remarks(comparison);

    cp_markup_add(markup, "p", NULL, "%s", headline);
    write_lines(findings, markup);
    for (guint i = 0; i < comparison->lines->len; i++)
        g_ptr_array_add(rows, cp_comparison_cells(&g_array_index(comparison->lines, CpComparedLine, i)));
    write_table(cp_comparison_heads, rows, markup);
    write_table(cp_comparison_cost_heads, costs, markup);
    write_lines(remarks, markup);
}

void
cp_report_write_comparison(const CpReportModel *model, CpMarkup *markup)
{
    if (model->sides->len != 2)
        return;
    const CpSide *a = cp_report_side(model, 0), *b = cp_report_side(model, 1);
    const CpComparisonRule rule = CP_COMPARISON_RULE;
    g_autoptr(GError) refused = NULL;
    g_autoptr(CpComparison) comparison = cp_comparison_new((CpCompared){ a->result, a->variant },
                                                           (CpCompared){ b->result, b->variant }, rule, 0, &refused);

    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "%s against %s", b->name, a->name);
    cp_markup_open(markup, "div", "class", "card", NULL);
    if (comparison)
        write_comparison(comparison, markup);
    else
        cp_markup_add(markup, "p", NULL, "Not compared: %s", refused->message);
    cp_markup_close(markup);
    cp_markup_close(markup);
}
