/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the results in an archive. */
#include "archive/print.h"
#include "show/grid.h"

#define ROWS                                                                                                           \
    "SELECT result.id, time_us, machine, variant, libvirt, emulator, rounds, wrong,"                                   \
    " (SELECT group_concat(note.text, '; ') FROM note WHERE note.result = result.id)"                                  \
    " FROM result JOIN part ON part.result = result.id JOIN environment ON environment.id = environment"               \
    " ORDER BY time_us DESC, result.id DESC, variant"

/* The name of a row: that of a variant of a result. */
static char *
name_row(gint64 result, const char *variant)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s", result, variant);
}

/* Returns the names of the rows that have one of the filter's scenarios. */
static GHashTable *
find_rows(CpArchive *archive, const CpFilter *filter, GError **error)
{
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) all = cp_archive_series(archive, filter, TRUE, error);
    for (guint i = 0; all && i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        for (guint p = 0; p < series->points->len; p++)
            g_hash_table_add(rows, name_row(g_array_index(series->points, CpPoint, p).result, series->variant));
    }
    return all ? g_steal_pointer(&rows) : NULL;
}

static void
add_row(CpGrid *grid, sqlite3_stmt *row)
{
    const char *note = (const char *)sqlite3_column_text(row, 8);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, (gint64)sqlite3_column_int64(row, 0));
    cp_grid_take(grid, cp_archive_format_time(sqlite3_column_int64(row, 1)));
    for (int column = 2; column <= 5; column++)
        cp_grid_add(grid, "%s", (const char *)sqlite3_column_text(row, column));
    for (int column = 6; column <= 7; column++)
        cp_grid_add(grid, "%" G_GINT64_FORMAT, (gint64)sqlite3_column_int64(row, column));
    cp_grid_add(grid, "%s", note ? note : "");
}

gboolean
cp_archive_print_list(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error)
{
    static const char *const heads[] = { "result",    "<time (UTC)", "<machine", "<variant", "<libvirt",
                                         "<emulator", "rounds",      "wrong",    "<notes",   NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    g_autoptr(GHashTable) rows = filter->scenarios ? find_rows(archive, filter, error) : NULL;
    g_autoptr(sqlite3_stmt) statement = cp_archive_prepare(archive, error, ROWS, "");
    gboolean row = TRUE;
    if (!statement || (filter->scenarios && !rows))
        return FALSE;
    while (row) {
        if (!cp_archive_step(archive, statement, &row, error))
            return FALSE;
        if (!row)
            break;
        const char *variant = (const char *)sqlite3_column_text(statement, 3);
        g_autofree char *name = name_row(sqlite3_column_int64(statement, 0), variant);
        if (cp_filter_takes(filter, (const char *)sqlite3_column_text(statement, 2), variant, NULL, NULL) &&
            (!rows || g_hash_table_contains(rows, name)))
            add_row(grid, statement);
    }
    cp_grid_print(grid, out);
    return TRUE;
}
