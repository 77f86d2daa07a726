/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grid: text in aligned columns. */
#include "show/grid.h"

#include "base/text.h"

struct _CpGrid {
    const char *const *heads;
    guint columns;
    GPtrArray *cells; /* of char *, row after row */
};

CpGrid *
cp_grid_new(const char *const *heads)
{
    CpGrid *grid = g_new0(CpGrid, 1);
    grid->heads = heads;
    grid->columns = g_strv_length((GStrv)heads);
    grid->cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < grid->columns; i++)
        cp_grid_add(grid, "%s", heads[i] + (heads[i][0] == '<'));
    return grid;
}

void
cp_grid_free(CpGrid *grid)
{
    if (!grid)
        return;
    g_ptr_array_unref(grid->cells);
    g_free(grid);
}

void
cp_grid_take(CpGrid *grid, char *cell)
{
    g_autofree char *text = cell;
    g_ptr_array_add(grid->cells, cp_text_printable(text));
}

void
cp_grid_add(CpGrid *grid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cp_grid_take(grid, g_strdup_vprintf(format, args));
    va_end(args);
}

void
cp_grid_add_cells(CpGrid *grid, GStrv cells)
{
    for (char **cell = cells; *cell; cell++)
        cp_grid_add(grid, "%s", *cell);
}

void
cp_grid_print(const CpGrid *grid, FILE *out)
{
    g_autofree glong *widths = g_new0(glong, grid->columns);
    for (guint i = 0; i < grid->cells->len; i++)
        widths[i % grid->columns] = MAX(widths[i % grid->columns], g_utf8_strlen(grid->cells->pdata[i], -1));

    for (guint i = 0; i < grid->cells->len; i++) {
        guint column = i % grid->columns;
        const char *cell = grid->cells->pdata[i];
        gboolean left = grid->heads[column][0] == '<', last = column + 1 == grid->columns;
        int padding = widths[column] - g_utf8_strlen(cell, -1);

        if (left)
            fprintf(out, "%s%*s", cell, last ? 0 : padding, "");
        else
            fprintf(out, "%*s%s", padding, "", cell);
        fputs(last ? "\n" : "  ", out);
    }
}
