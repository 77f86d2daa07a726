/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture of a series over time, as a script for gnuplot. */
#include "archive/plot.h"

#include "base/text.h"

#define DAY_US (24 * 3600 * (gint64)G_USEC_PER_SEC)

static gint64
time_at(const CpSeries *series, guint i)
{
    return g_array_index(series->points, CpPoint, i).time_us;
}

/* Prints a text between single quotes, in which gnuplot only doubles these. */
static void
print_quoted(const char *text, FILE *out)
{
    g_autofree char *line = cp_text_printable(text);
    g_auto(GStrv) parts = g_strsplit(line, "'", -1);
    g_autofree char *quoted = g_strjoinv("''", parts);
    fprintf(out, "'%s'", quoted);
}

/* Prints a row of data: seconds since 1970, and a level in ms or as a count. */
static void
print_point(const CpSeries *series, gint64 time_us, double value, FILE *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    fprintf(out, "%" G_GINT64_FORMAT " %s\n", time_us / (gint64)G_USEC_PER_SEC,
            g_ascii_formatd(text, sizeof(text), "%.9g", series->is_time ? value / 1e6 : value));
}

/* Prints the level from the value `begin` to `end` - 1, a line of its own. */
static void
print_level(const CpSeries *series, guint begin, guint end, FILE *out)
{
    double sum = 0;
    for (guint i = begin; i < end; i++)
        sum += g_array_index(series->points, CpPoint, i).value;
    print_point(series, time_at(series, begin), sum / (end - begin), out);
    print_point(series, time_at(series, end - 1), sum / (end - begin), out);
    fputs("\n", out);
}

static void
print_levels(const CpSeries *series, const GArray *changes, FILE *out)
{
    guint begin = 0;
    for (guint i = 0; i < changes->len; i++) {
        const CpLevelChange *change = &g_array_index(changes, CpLevelChange, i);
        if (change->point.weak)
            continue;
        print_level(series, begin, change->point.index, out);
        begin = change->point.index;
    }
    if (begin < series->points->len)
        print_level(series, begin, series->points->len, out);
}

static void
print_change_lines(const CpSeries *series, const GArray *changes, FILE *out)
{
    for (guint i = 0; i < changes->len; i++) {
        const CpLevelChange *change = &g_array_index(changes, CpLevelChange, i);
        gint64 at = time_at(series, change->point.index) / (gint64)G_USEC_PER_SEC;
        gboolean dashed = !cp_series_is_open(series, change) &&
                          (change->fate != CP_FATE_STANDS || cp_series_is_accepted(series, change));
        if (!change->point.weak)
            fprintf(out,
                    "set arrow from %" G_GINT64_FORMAT ", graph 0 to %" G_GINT64_FORMAT
                    ", graph 1 nohead dashtype %d linecolor rgb '#b03030'\n",
                    at, at, dashed ? 2 : 1);
    }
}

void
cp_plot_print(const CpSeries *series, const char *terminal, FILE *out)
{
    g_autoptr(GArray) changes = cp_series_changes(series);
    g_autofree char *title =
        g_strdup_printf("%s, %s: %s, %s", series->scenario, series->metric, series->machine, series->variant);
    gboolean is_text = g_str_equal(terminal, "dumb");
    gint64 span_us = series->points->len > 0 ? time_at(series, series->points->len - 1) - time_at(series, 0) : 0;

    fprintf(out, "set terminal %s size %s\n", terminal, is_text ? "100,30" : "1000,500");
    fputs("set title noenhanced ", out);
    print_quoted(title, out);
    fprintf(out, "\nset xdata time\nset timefmt '%%s'\nset format x '%s'\n",
            span_us < 5 * DAY_US ? "%m-%d %H:%M"
            : is_text            ? "%m-%d"
                                 : "%Y-%m-%d");
    fputs(is_text ? "" : "set xtics rotate by -30\nset rmargin 10\nset grid\n", out);
    fprintf(out, "set xtics nomirror\nset ylabel '%s'\nset yrange [0:*]\nunset key\n",
            series->is_time ? "ms" : "per round");
    print_change_lines(series, changes, out);
    fputs("$points << END\n", out);
    for (guint i = 0; i < series->points->len; i++)
        print_point(series, time_at(series, i), g_array_index(series->points, CpPoint, i).value, out);
    fputs("END\n$levels << END\n", out);
    print_levels(series, changes, out);
    fputs(
        "END\nplot $points using 1:2 with points pointtype 7 pointsize 0.5, $levels using 1:2 with lines linewidth 2\n",
        out);
}
