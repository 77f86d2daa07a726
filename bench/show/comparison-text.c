/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison as text for a terminal. */
#include "base/text.h"
#include "show/comparison.h"
#include "show/grid.h"

static void
print_lines(GStrv lines, FILE *out)
{
    if (*lines)
        fputs("\n", out);
    for (char **line = lines; *line; line++)
        cp_text_print_line(out, "%s", *line);
}

static void
print_costs(const GPtrArray *rows, FILE *out)
{
    g_autoptr(CpGrid) grid = cp_grid_new(cp_comparison_cost_heads);
    for (guint i = 0; i < rows->len; i++)
        cp_grid_add_cells(grid, rows->pdata[i]);
    cp_grid_print(grid, out);
}

void
cp_comparison_print_text(const CpComparison *comparison, FILE *out)
{
    g_autofree char *headline = cp_comparison_headline(comparison);
    g_auto(GStrv) findings = cp_comparison_findings(comparison), remarks = cp_comparison_remarks(comparison);
    g_autoptr(CpGrid) grid = cp_grid_new(cp_comparison_heads);
    g_autoptr(GPtrArray) costs = cp_comparison_cost_rows(comparison);
    cp_text_print_line(out, "%s", headline);
    print_lines(findings, out);
    for (guint i = 0; i < comparison->lines->len; i++) {
        g_auto(GStrv) cells = cp_comparison_cells(&g_array_index(comparison->lines, CpComparedLine, i));
        cp_grid_add_cells(grid, cells);
    }
    if (comparison->lines->len > 0) {
        fputs("\n", out);
        cp_grid_print(grid, out);
    }
    if (costs->len > 0) {
        fputs("\n", out);
        print_costs(costs, out);
    }
    print_lines(remarks, out);
}
