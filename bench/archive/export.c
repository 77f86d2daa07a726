/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an archive, for other programs. */
#include "archive/export.h"

#include "base/error.h"
#include "show/csv.h"
#include "show/json-text.h"

static const CpPoint *
point_at(const CpSeries *series, guint i)
{
    return &g_array_index(series->points, CpPoint, i);
}

/* Returns a time as ISO 8601. The caller owns it. */
static char *
format_iso(gint64 time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    return time ? g_date_time_format_iso8601(time) : g_strdup("");
}

gboolean
cp_archive_export_result(CpArchive *archive, gint64 id, FILE *out, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        cp_archive_prepare(archive, error, "SELECT text FROM document WHERE result = ?", "i", id);
    gboolean row;
    if (!statement || !cp_archive_step(archive, statement, &row, error))
        return FALSE;
    if (row)
        fwrite(sqlite3_column_text(statement, 0), 1, sqlite3_column_bytes(statement, 0), out);
    else
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: there is no result %" G_GINT64_FORMAT, archive->file, id);
    return row;
}

/* Returns the series that the filter takes. If it takes no series, sets CP_ERROR_USAGE. */
static GPtrArray *
find(CpArchive *archive, const CpFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) all = cp_archive_series(archive, filter, TRUE, error);
    if (all && all->len == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: nothing there is what was asked for", archive->file);
        return NULL;
    }
    return g_steal_pointer(&all);
}

/* Refuses series of several machines or variants. */
static gboolean
check_one(CpArchive *archive, const GPtrArray *all, GError **error)
{
    const CpSeries *first = all->pdata[0];
    for (guint i = 1; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        gboolean same_machine = g_str_equal(series->machine, first->machine);
        if (same_machine && g_str_equal(series->variant, first->variant))
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: there are the %s '%s' and '%s', expected one; --%s chooses",
                    archive->file, same_machine ? "variants" : "machines",
                    same_machine ? first->variant : first->machine, same_machine ? series->variant : series->machine,
                    same_machine ? "variant" : "machine");
        return FALSE;
    }
    return TRUE;
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    const CpPoint *x = *(CpPoint *const *)a, *y = *(CpPoint *const *)b;
    return x->time_us != y->time_us ? (x->time_us > y->time_us) - (x->time_us < y->time_us)
                                    : (x->result > y->result) - (x->result < y->result);
}

/* Returns a point of each result, by time. */
static GPtrArray *
find_rows(const GPtrArray *all)
{
    GPtrArray *rows = g_ptr_array_new();
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        for (guint p = 0; p < series->points->len; p++) {
            if (g_hash_table_add(known, (gpointer)&point_at(series, p)->result))
                g_ptr_array_add(rows, (gpointer)point_at(series, p));
        }
    }
    g_ptr_array_sort(rows, compare_rows);
    return rows;
}

static void
print_value(const CpSeries *series, double value, FILE *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    fprintf(out, ",%s", g_ascii_formatd(text, sizeof(text), "%.6f", series->is_time ? value / 1e6 : value));
}

gboolean
cp_archive_export_csv(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error)
{
    g_autoptr(GPtrArray) all = find(archive, filter, error);
    if (!all || !check_one(archive, all, error))
        return FALSE;
    g_autoptr(GHashTable) versions = cp_archive_texts(archive, error, "SELECT id, libvirt FROM environment");
    if (!versions)
        return FALSE;
    g_autofree guint *next = g_new0(guint, all->len);
    g_autoptr(GPtrArray) rows = find_rows(all);

    fputs("time,commit,result", out);
    for (guint i = 0; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        g_autofree char *column = g_strdup_printf("%s:%s", series->scenario, series->metric);
        fputs(",", out);
        cp_csv_print_field(column, "", out);
    }
    fputs("\n", out);
    for (guint r = 0; r < rows->len; r++) {
        const CpPoint *row = rows->pdata[r];
        g_autofree char *time = format_iso(row->time_us);
        fprintf(out, "%s,", time);
        cp_csv_print_field(g_hash_table_lookup(versions, &row->environment), ",", out);
        fprintf(out, "%" G_GINT64_FORMAT, row->result);
        for (guint i = 0; i < all->len; i++) {
            const CpSeries *series = all->pdata[i];
            if (next[i] < series->points->len && point_at(series, next[i])->result == row->result)
                print_value(series, point_at(series, next[i]++)->value, out);
            else
                fputs(",", out);
        }
        fputs("\n", out);
    }
    return TRUE;
}

static void
build_points(JsonBuilder *builder, const CpSeries *series)
{
    json_builder_begin_array(json_builder_set_member_name(builder, "points"));
    for (guint i = 0; i < series->points->len; i++) {
        g_autofree char *time = format_iso(point_at(series, i)->time_us);
        json_builder_begin_object(builder);
        json_builder_add_string_value(json_builder_set_member_name(builder, "time"), time);
        json_builder_add_int_value(json_builder_set_member_name(builder, "result"), point_at(series, i)->result);
        json_builder_add_double_value(json_builder_set_member_name(builder, "value"), point_at(series, i)->value);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
build_changes(JsonBuilder *builder, const CpSeries *series)
{
    static const char *const fates[] = {
        [CP_FATE_STANDS] = "stands", [CP_FATE_WENT_AWAY] = "went-away", [CP_FATE_RETURNS] = "returns"
    };
    g_autoptr(GArray) changes = cp_series_changes(series);
    json_builder_begin_array(json_builder_set_member_name(builder, "changes"));
    for (guint i = 0; i < changes->len; i++) {
        const CpLevelChange *change = &g_array_index(changes, CpLevelChange, i);
        const CpChangePoint *point = &change->point;
        json_builder_begin_object(builder);
        json_builder_add_int_value(json_builder_set_member_name(builder, "result"),
                                   point_at(series, point->index)->result);
        json_builder_add_double_value(json_builder_set_member_name(builder, "before"), point->before);
        json_builder_add_double_value(json_builder_set_member_name(builder, "after"), point->after);
        json_builder_add_double_value(json_builder_set_member_name(builder, "p"), point->p);
        json_builder_add_boolean_value(json_builder_set_member_name(builder, "weak"), point->weak);
        json_builder_add_string_value(json_builder_set_member_name(builder, "fate"), fates[change->fate]);
        json_builder_add_boolean_value(json_builder_set_member_name(builder, "accepted"),
                                       cp_series_is_accepted(series, change));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

gboolean
cp_archive_export_json(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error)
{
    g_autoptr(GPtrArray) all = find(archive, filter, error);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    if (!all)
        return FALSE;
    json_builder_begin_object(builder);
    json_builder_add_string_value(json_builder_set_member_name(builder, "schema"), "capprobe.series/1");
    json_builder_begin_array(json_builder_set_member_name(builder, "series"));
    for (guint i = 0; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        json_builder_begin_object(builder);
        json_builder_add_string_value(json_builder_set_member_name(builder, "machine"), series->machine);
        json_builder_add_string_value(json_builder_set_member_name(builder, "variant"), series->variant);
        json_builder_add_string_value(json_builder_set_member_name(builder, "scenario"), series->scenario);
        json_builder_add_string_value(json_builder_set_member_name(builder, "line"), series->metric);
        json_builder_add_string_value(json_builder_set_member_name(builder, "unit"),
                                      series->is_time ? "ns" : "per round");
        build_points(builder, series);
        build_changes(builder, series);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    cp_json_print(json_builder_get_root(builder), out);
    return TRUE;
}
