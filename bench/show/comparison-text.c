/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison as text for a terminal. */
#include "base/text.h"
#include "show/comparison.h"
#include "show/grid.h"

void
cp_comparison_print_text(const CpComparison *comparison, FILE *out)
{
    g_autofree char *headline = cp_comparison_headline(comparison);
    g_auto(GStrv) remarks = cp_comparison_remarks(comparison);
    g_autoptr(CpGrid) grid = cp_grid_new(cp_comparison_heads);
    cp_text_print_line(out, "%s", headline);
    for (guint i = 0; i < comparison->lines->len; i++) {
        g_auto(GStrv) cells = cp_comparison_cells(&g_array_index(comparison->lines, CpComparedLine, i));
        for (char **cell = cells; *cell; cell++)
            cp_grid_add(grid, "%s", *cell);
    }
    fputs("\n", out);
    if (comparison->lines->len > 0)
        cp_grid_print(grid, out);
    if (comparison->lines->len > 0 && *remarks)
        fputs("\n", out);
    for (char **remark = remarks; *remark; remark++)
        cp_text_print_line(out, "%s", *remark);
}
