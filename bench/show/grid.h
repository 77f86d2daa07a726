/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grid: text in aligned columns. */
#pragma once

#include <stdio.h>
#include <glib.h>

typedef struct _CpGrid CpGrid;

/** Returns a grid with these column heads, NULL-terminated and borrowed. If a head begins with '<', which is not printed,
 * its column is aligned to the left. */
CpGrid *cp_grid_new(const char *const *heads);
void cp_grid_free(CpGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpGrid, cp_grid_free)

/** Adds the next cell: the formatted text, made printable by cp_text_printable(). Cells fill row after row. */
void cp_grid_add(CpGrid *grid, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** The same for a text that the grid takes over. */
void cp_grid_take(CpGrid *grid, char *cell);

/** Adds each text of a NULL-terminated array, as cp_grid_add() does. */
void cp_grid_add_cells(CpGrid *grid, GStrv cells);

/** Prints heads and rows; each column is as wide as its widest cell. */
void cp_grid_print(const CpGrid *grid, FILE *out);
