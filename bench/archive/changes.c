/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The changes of all series in an archive: as tables, and as a part of a page. */
#include "archive/environment.h"
#include "archive/print.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"
#include "show/grid.h"
#include "show/report-parts.h"

/* The heads of a table; what differs is the last column. */
static const char *const heads[] = { "<change", "<since (UTC)", "result", "<scenario",          "<line", "before",
                                     "after",   "ratio",        "p",      "<what differs then", NULL };

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

/* Returns the cells of a row but for the last. */
static GStrv
cells_of(const Change *change)
{
    const CpChangePoint *point = &change->change.point;
    const CpPoint *after = point_at(change->series, point->index);
    char *cells[] = {
        format_state(change),
        cp_archive_format_time(after->time_us),
        g_strdup_printf("%" G_GINT64_FORMAT, after->result),
        g_strdup(change->series->scenario),
        g_strdup(change->series->metric),
        format_level(change->series, point->before),
        format_level(change->series, point->after),
        format_ratio(point),
        point->p < 1e-6 ? g_strdup("< 1e-6") : g_strdup_printf("%.2g", point->p),
        NULL,
    };
    return g_memdup2(cells, sizeof(cells));
}

static void
add_change(CpGrid *grid, const Change *change, const Texts *texts)
{
    g_auto(GStrv) cells = cells_of(change), lines = explain(change, texts);
    cp_grid_add_cells(grid, cells);
    cp_grid_add(grid, "%s", lines[0]);
    for (char **line = lines + 1; *line; line++) {
        for (char **cell = cells; *cell; cell++)
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

/* What an archive has. */
struct _CpArchiveChanges {
    GPtrArray *series; /* of CpSeries */
    GArray *changes;   /* of Change, the newest first in each group */
    Texts texts;
    CpChangesSummary summary;
};

void
cp_archive_changes_free(CpArchiveChanges *all)
{
    if (!all)
        return;
    g_clear_pointer(&all->series, g_ptr_array_unref);
    g_clear_pointer(&all->texts.environments, g_hash_table_unref);
    g_clear_pointer(&all->texts.notes, g_hash_table_unref);
    g_array_unref(all->changes);
    g_free(all);
}

CpArchiveChanges *
cp_archive_changes_new(CpArchive *archive, const CpFilter *filter, gboolean whole, GError **error)
{
    g_autoptr(CpArchiveChanges) all = g_new0(CpArchiveChanges, 1);
    all->changes = g_array_new(FALSE, FALSE, sizeof(Change));
    all->series = cp_archive_series(archive, filter, TRUE, error);
    if (!all->series)
        return NULL;
    all->texts.environments = cp_archive_texts(archive, error, "SELECT id, text FROM environment");
    if (!all->texts.environments)
        return NULL;
    all->texts.notes =
        cp_archive_texts(archive, error, "SELECT result, group_concat(text, '; ') FROM note GROUP BY result");
    if (!all->texts.notes)
        return NULL;
    if (all->series->len == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s: nothing in the archive is what was asked for",
                    archive->file);
        return NULL;
    }
    all->summary.series = all->series->len;
    for (guint i = 0; i < all->series->len; i++)
        collect(all->series->pdata[i], whole, all->changes, &all->summary);
    g_array_sort(all->changes, compare_changes);
    return g_steal_pointer(&all);
}

const CpChangesSummary *
cp_archive_changes_summary(const CpArchiveChanges *all)
{
    return &all->summary;
}

/* Says how many changes stand, and how many series are too short; the caller owns it. */
static char *
describe_open(const CpArchiveChanges *all)
{
    return g_strdup_printf("%u changes for the worse stand and are not accepted, in %u series", all->summary.open,
                           all->summary.series);
}

static char *
describe_short(const CpArchiveChanges *all)
{
    return g_strdup_printf("%u series are too short: no change can be seen in fewer than %d results",
                           all->summary.too_short, CP_CHANGE_POINT_MIN_N);
}

void
cp_archive_changes_print(const CpArchiveChanges *all, FILE *out)
{
    g_autofree char *open = describe_open(all), *too_short = describe_short(all);
    fprintf(out, "%s\n", open);
    if (all->summary.too_short > 0)
        fprintf(out, "%s\n", too_short);
    fputs("\n", out);
    print_groups(all->changes, &all->texts, out);
}

/* --- on a page --- */

static void
write_change(const Change *change, const Texts *texts, CpMarkup *markup)
{
    g_auto(GStrv) cells = cells_of(change), lines = explain(change, texts);
    cp_markup_open(markup, "tr", NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_text(markup, "%s", cells[0]);
    cp_markup_close(markup);
    for (guint i = 1; cells[i]; i++)
        cp_report_write_cell(markup, heads[i] + (heads[i][0] == '<'), "%s", cells[i]);
    cp_markup_open(markup, "td", "data-label", "what differs then", NULL);
    for (char **line = lines; *line; line++)
        cp_markup_add(markup, "div", NULL, "%s", *line);
    cp_markup_close(markup);
    cp_markup_close(markup);
}

void
cp_archive_changes_write(CpMarkup *markup, gpointer data)
{
    const CpArchiveChanges *all = data;
    const char *plain[G_N_ELEMENTS(heads)];
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
        plain[i] = heads[i] ? heads[i] + (heads[i][0] == '<') : NULL;
    g_autofree char *open = describe_open(all), *too_short = describe_short(all);
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "History");
    cp_markup_add(markup, "p", NULL, "%s", open);
    if (all->summary.too_short > 0)
        cp_markup_add(markup, "p", "note", "%s", too_short);
    for (guint begin = 0, end; begin < all->changes->len; begin = end) {
        const CpSeries *series = g_array_index(all->changes, Change, begin).series;
        cp_markup_add(markup, "h3", NULL, "%s, %s", series->machine, series->variant);
        cp_markup_open(markup, "table", "class", "stack history", NULL);
        cp_report_write_heads(markup, plain);
        cp_markup_open(markup, "tbody", NULL);
        for (end = begin;
             end < all->changes->len && is_same_group(g_array_index(all->changes, Change, end).series, series); end++)
            write_change(&g_array_index(all->changes, Change, end), &all->texts, markup);
        cp_markup_close(markup);
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
}
