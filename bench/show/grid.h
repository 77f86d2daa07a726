/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text in columns.
 */
#pragma once

#include <stdio.h>
#include <glib.h>

typedef struct _CpGrid CpGrid;

/** A grid with these column heads, NULL-terminated. A head that begins with '<' (not shown) is of a column aligned to
 * the left. */
CpGrid *cp_grid_new(const char *const *heads);
void cp_grid_free(CpGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpGrid, cp_grid_free)

/** Adds a cell, formatted, after the last; a row is begun whenever one is full. */
void cp_grid_add(CpGrid *grid, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** The same for a text that is taken over. */
void cp_grid_take(CpGrid *grid, char *cell);

/** Prints heads and rows, as wide as their cells need. */
void cp_grid_print(const CpGrid *grid, FILE *out);
