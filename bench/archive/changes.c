/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of the changes of all series in an archive. */
#include "archive/environment.h"
#include "archive/print.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"
#include "show/grid.h"

typedef struct {
    CpSeries *series; /* borrowed */
    CpLevelChange change;
} Change;

/* What is printed about environments and results, by their ids. */
typedef struct {
    GHashTable *environments, *notes; /* gint64 -> text */
} Texts;

static const CpPoint *
point_at(const CpSeries *series, guint i)
{
    return &g_array_index(series->points, CpPoint, i);
}

/* A level, as a time or as a count. The caller owns it. */
static char *
format_level(const CpSeries *series, double level)
{
    return series->is_time ? cp_duration_format(level) : g_strdup_printf("%.3g", level);
}

static char *
format_ratio(const CpChangePoint *point)
{
    return point->before == 0 ? g_strdup("") : g_strdup_printf("%+.1f %%", (point->after / point->before - 1) * 100);
}

static char *
format_state(const Change *change)
{
    const CpLevelChange *level = &change->change;
    g_autofree char *other = cp_archive_format_time(point_at(change->series, level->other)->time_us);
    gboolean worse = level->point.after > level->point.before;
    return level->point.weak ? g_strdup(worse ? "worse, weak" : "better, weak")
           : cp_series_is_open(change->series, level) && level->fate == CP_FATE_RETURNS
               ? g_strdup_printf("LOST, better since %s", other)
           : cp_series_is_open(change->series, level)     ? g_strdup("WORSE")
           : level->fate == CP_FATE_WENT_AWAY             ? g_strdup_printf("went away %s", other)
           : level->fate == CP_FATE_RETURNS               ? g_strdup_printf("back as before %s", other)
           : cp_series_is_accepted(change->series, level) ? g_strdup(worse ? "worse, accepted" : "better, accepted")
                                                          : g_strdup("better");
}

/* Returns what differs between the results before and after a change, as lines. */
static GStrv
explain(const Change *change, const Texts *texts)
{
    const CpPoint *before = point_at(change->series, change->change.point.index - 1), *after = before + 1;
    const char *note = g_hash_table_lookup(texts->notes, &after->result);
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    if (note)
        g_strv_builder_add(lines, note);
    g_auto(GStrv) differences =
        before->environment == after->environment
            ? g_new0(char *, 1)
            : cp_environment_differences(g_hash_table_lookup(texts->environments, &before->environment),
                                         g_hash_table_lookup(texts->environments, &after->environment));
    for (char **line = differences; *line; line++)
        g_strv_builder_add(lines, *line);
    if (!*differences)
        g_strv_builder_add(lines, "nothing that results record");
    return g_strv_builder_end(lines);
}

static void
add_change(CpGrid *grid, const Change *change, const Texts *texts)
{
    const CpChangePoint *point = &change->change.point;
    const CpPoint *after = point_at(change->series, point->index);
    g_auto(GStrv) lines = explain(change, texts);
    cp_grid_take(grid, format_state(change));
    cp_grid_take(grid, cp_archive_format_time(after->time_us));
    cp_grid_add(grid, "%" G_GINT64_FORMAT, after->result);
    cp_grid_add(grid, "%s", change->series->scenario);
    cp_grid_add(grid, "%s", change->series->metric);
    cp_grid_take(grid, format_level(change->series, point->before));
    cp_grid_take(grid, format_level(change->series, point->after));
    cp_grid_take(grid, format_ratio(point));
    cp_grid_add(grid, point->p < 1e-6 ? "< 1e-6" : "%.2g", point->p);
    cp_grid_add(grid, "%s", lines[0]);
    for (char **line = lines + 1; *line; line++) {
        for (int i = 0; i < 9; i++)
            cp_grid_add(grid, "%s", "");
        cp_grid_add(grid, "%s", *line);
    }
}

/* Sorts by machine and variant, and then the newest first. */
static int
compare_changes(gconstpointer a, gconstpointer b)
{
    const Change *x = a, *y = b;
    int order = g_strcmp0(x->series->machine, y->series->machine);
    if (order == 0)
        order = g_strcmp0(x->series->variant, y->series->variant);
    gint64 x_us = point_at(x->series, x->change.point.index)->time_us;
    gint64 y_us = point_at(y->series, y->change.point.index)->time_us;
    return order != 0 ? order : (x_us < y_us) - (x_us > y_us);
}

static gboolean
is_same_group(const CpSeries *a, const CpSeries *b)
{
    return g_str_equal(a->machine, b->machine) && g_str_equal(a->variant, b->variant);
}

/* Prints a table for each machine and variant. */
static void
print_groups(const GArray *changes, const Texts *texts, FILE *out)
{
    static const char *const heads[] = { "<change", "<since (UTC)", "result", "<scenario",          "<line", "before",
                                         "after",   "ratio",        "p",      "<what differs then", NULL };
    for (guint begin = 0, end; begin < changes->len; begin = end) {
        const CpSeries *series = g_array_index(changes, Change, begin).series;
        g_autoptr(CpGrid) grid = cp_grid_new(heads);
        for (end = begin; end < changes->len && is_same_group(g_array_index(changes, Change, end).series, series);
             end++)
            add_change(grid, &g_array_index(changes, Change, end), texts);
        cp_text_print_line(out, "%s, %s", series->machine, series->variant);
        cp_grid_print(grid, out);
        fputs("\n", out);
    }
}

static void
collect(CpSeries *series, gboolean whole, GArray *changes, CpChangesSummary *summary)
{
    g_autoptr(GArray) found = cp_series_changes(series);
    for (guint i = 0; i < found->len; i++) {
        Change change = { series, g_array_index(found, CpLevelChange, i) };
        summary->open += cp_series_is_open(series, &change.change);
        if (whole || !change.change.point.weak ||
            change.change.point.index + CP_CHANGE_POINT_WINDOW >= series->points->len)
            g_array_append_val(changes, change);
    }
    summary->too_short += series->points->len < CP_CHANGE_POINT_MIN_N;
}

gboolean
cp_archive_print_changes(
    CpArchive *archive, const CpFilter *filter, gboolean whole, FILE *out, CpChangesSummary *summary, GError **error)
{
    g_autoptr(GPtrArray) all = cp_archive_series(archive, filter, TRUE, error);
    g_autoptr(GHashTable) environments = cp_archive_texts(archive, error, "SELECT id, text FROM environment");
    g_autoptr(GHashTable) notes =
        cp_archive_texts(archive, error, "SELECT result, group_concat(text, '; ') FROM note GROUP BY result");
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(Change));
    if (!all || !environments || !notes)
        return FALSE;
    if (all->len == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s: nothing in the archive is what was asked for",
                    archive->file);
        return FALSE;
    }
    *summary = (CpChangesSummary){ .series = all->len };
    for (guint i = 0; i < all->len; i++)
        collect(all->pdata[i], whole, changes, summary);
    g_array_sort(changes, compare_changes);
    fprintf(out, "%u changes for the worse stand and are not accepted, in %u series\n", summary->open, summary->series);
    if (summary->too_short > 0)
        fprintf(out, "%u series are too short: no change can be seen in fewer than %d results\n", summary->too_short,
                CP_CHANGE_POINT_MIN_N);
    fputs("\n", out);
    print_groups(changes, &(Texts){ environments, notes }, out);
    return TRUE;
}
