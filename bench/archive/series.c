/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Series: figures of one kind from an archive. */
#include "archive/series.h"

static void
series_free(gpointer data)
{
    CpSeries *series = data;
    g_free(series->machine);
    g_free(series->variant);
    g_free(series->scenario);
    g_free(series->metric);
    g_array_unref(series->points);
    g_free(series);
}

static gboolean
matches(const char *pattern, const char *text)
{
    return !pattern || !text || g_pattern_match_simple(pattern, text);
}

static gboolean
matches_any(char *const *patterns, const char *text)
{
    if (!patterns)
        return TRUE;
    for (; *patterns; patterns++) {
        if (matches(*patterns, text))
            return TRUE;
    }
    return FALSE;
}

gboolean
cp_filter_takes(
    const CpFilter *filter, const char *machine, const char *variant, const char *scenario, const char *metric)
{
    return matches(filter->machine, machine) && matches_any(filter->variants, variant) &&
           matches_any(filter->scenarios, scenario) && matches(filter->metric, metric);
}

static const char *
text_of(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static int
compare_points(gconstpointer a, gconstpointer b)
{
    const CpPoint *x = a, *y = b;
    return x->time_us != y->time_us ? (x->time_us > y->time_us) - (x->time_us < y->time_us)
                                    : (x->result > y->result) - (x->result < y->result);
}

/* Returns the time of each result, by its id, in us; of gint64. */
static GArray *
read_times(CpArchive *archive, GError **error)
{
    g_autoptr(GArray) times = g_array_new(FALSE, TRUE, sizeof(gint64));
    g_autoptr(sqlite3_stmt) statement =
        cp_archive_prepare(archive, error, "SELECT id, time_us FROM result ORDER BY id", "");
    gboolean row = statement != NULL;
    while (row) {
        if (!cp_archive_step(archive, statement, &row, error))
            return NULL;
        if (row) {
            gint64 id = sqlite3_column_int64(statement, 0);
            g_array_set_size(times, id + 1);
            g_array_index(times, gint64, id) = sqlite3_column_int64(statement, 1);
        }
    }
    return statement ? g_steal_pointer(&times) : NULL;
}

static gboolean
read_points(CpArchive *archive, sqlite3_stmt *statement, const GArray *times, CpSeries *series, GError **error)
{
    gboolean row = TRUE, sorted = TRUE;
    gint64 last_us = G_MININT64;
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, series->id);
    while (row) {
        if (!cp_archive_step(archive, statement, &row, error))
            return FALSE;
        CpPoint point = { .result = row ? sqlite3_column_int64(statement, 0) : 0 };
        /* A result that another process has added since the times were read is left out. */
        if (!row || point.result >= times->len)
            continue;
        point.time_us = g_array_index(times, gint64, point.result);
        point.environment = sqlite3_column_int64(statement, 1);
        point.value = sqlite3_column_double(statement, 2);
        g_array_append_val(series->points, point);
        sorted &= point.time_us >= last_us;
        last_us = point.time_us;
    }
    if (!sorted)
        g_array_sort(series->points, compare_points);
    return TRUE;
}

static gboolean
read_all_points(CpArchive *archive, GPtrArray *all, GError **error)
{
    g_autoptr(GArray) times = read_times(archive, error);
    g_autoptr(sqlite3_stmt) statement =
        cp_archive_prepare(archive, error, "SELECT result, environment, value FROM figure WHERE series = ?", "");
    if (!times || !statement)
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        if (!read_points(archive, statement, times, all->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
cp_archive_series(CpArchive *archive, const CpFilter *filter, gboolean with_points, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(series_free);
    g_autoptr(sqlite3_stmt) statement = cp_archive_prepare(
        archive, error,
        "SELECT id, machine, variant, scenario, metric, is_time, time_us FROM series LEFT JOIN baseline ON series = id"
        " ORDER BY machine, variant, scenario, is_time DESC, id",
        "");
    gboolean row = TRUE;
    if (!statement)
        return NULL;
    while (row) {
        if (!cp_archive_step(archive, statement, &row, error))
            return NULL;
        if (!row || !cp_filter_takes(filter, text_of(statement, 1), text_of(statement, 2), text_of(statement, 3),
                                     text_of(statement, 4)))
            continue;
        CpSeries *series = g_new0(CpSeries, 1);
        series->id = sqlite3_column_int64(statement, 0);
        series->machine = g_strdup(text_of(statement, 1));
        series->variant = g_strdup(text_of(statement, 2));
        series->scenario = g_strdup(text_of(statement, 3));
        series->metric = g_strdup(text_of(statement, 4));
        series->is_time = sqlite3_column_int(statement, 5);
        series->accepted_us =
            sqlite3_column_type(statement, 6) == SQLITE_NULL ? G_MININT64 : sqlite3_column_int64(statement, 6);
        series->points = g_array_new(FALSE, FALSE, sizeof(CpPoint));
        g_ptr_array_add(all, series);
    }
    return !with_points || read_all_points(archive, all, error) ? g_steal_pointer(&all) : NULL;
}

GArray *
cp_series_changes(const CpSeries *series)
{
    g_autofree double *values = g_new(double, series->points->len);
    for (guint i = 0; i < series->points->len; i++)
        values[i] = g_array_index(series->points, CpPoint, i).value;
    return cp_level_changes(values, series->points->len);
}

gboolean
cp_series_is_accepted(const CpSeries *series, const CpLevelChange *change)
{
    return g_array_index(series->points, CpPoint, change->point.index).time_us <= series->accepted_us;
}

/* Whether a change counts as far as its series goes: one that takes back an improvement does if the better level had been
 * accepted, or lasted. A short one is mostly noise. */
static gboolean
counts(const CpSeries *series, const CpLevelChange *change)
{
    return change->fate == CP_FATE_STANDS ||
           (change->fate == CP_FATE_RETURNS &&
            (change->point.index - change->other >= CP_SERIES_LASTING ||
             g_array_index(series->points, CpPoint, change->other).time_us <= series->accepted_us));
}

gboolean
cp_series_is_open(const CpSeries *series, const CpLevelChange *change)
{
    return !change->point.weak && counts(series, change) && change->point.after > change->point.before &&
           !cp_series_is_accepted(series, change);
}
