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

void
cp_comparison_print_text(const CpComparison *comparison, FILE *out)
{
    g_autofree char *headline = cp_comparison_headline(comparison);
    g_auto(GStrv) findings = cp_comparison_findings(comparison), remarks = cp_comparison_remarks(comparison);
    g_autoptr(CpGrid) grid = cp_grid_new(cp_comparison_heads);
    cp_text_print_line(out, "%s", headline);
    print_lines(findings, out);
    for (guint i = 0; i < comparison->lines->len; i++) {
        g_auto(GStrv) cells = cp_comparison_cells(&g_array_index(comparison->lines, CpComparedLine, i));
        for (char **cell = cells; *cell; cell++)
            cp_grid_add(grid, "%s", *cell);
    }
    if (comparison->lines->len > 0) {
        fputs("\n", out);
        cp_grid_print(grid, out);
    }
    print_lines(remarks, out);
}
