/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The medians of a result as the CSV of Apache Otava, which finds changes in a series of such rows. */
#include "show/csv.h"
#include "measure/environment-text.h"
#include "show/formats.h"
#include "show/lines.h"

/* The name of a column: the same for all variants. The caller owns it. */
static char *
name_column(const CpShownLine *line)
{
    return g_strdup_printf("%s:%" G_GINT64_FORMAT "%s%s", line->scenario->name, line->line, *line->label ? " " : "",
                           line->label);
}

static const CpShownLine *
find(const GPtrArray *lines, const char *column, const char *variant)
{
    for (guint i = 0; i < lines->len; i++) {
        const CpShownLine *line = lines->pdata[i];
        g_autofree char *name = name_column(line);
        if (g_str_equal(name, column) && g_strcmp0(line->scenario->variant, variant) == 0)
            return line;
    }
    return NULL;
}

/* Returns the columns for which every variant has samples. */
static GPtrArray *
find_columns(const CpResult *result, const GPtrArray *lines)
{
    GPtrArray *columns = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < lines->len; i++) {
        g_autofree char *column = name_column(lines->pdata[i]);
        gboolean complete = !g_ptr_array_find_with_equal_func(columns, column, g_str_equal, NULL);
        for (guint v = 0; complete && v < result->variants->len; v++)
            complete = find(lines, column, ((const CpResultVariant *)result->variants->pdata[v])->name) != NULL;
        if (complete)
            g_ptr_array_add(columns, g_steal_pointer(&column));
    }
    return columns;
}

static void
print_row(
    const CpResult *result, const GPtrArray *lines, const GPtrArray *columns, const CpResultVariant *variant, FILE *out)
{
    JsonObject *environment = variant ? variant->environment : result->environment;
    cp_csv_print_field(cp_environment_text(result->environment, "date"), ",", out);
    cp_csv_print_field(cp_environment_text(environment, "libvirt.version"), "", out);
    if (variant)
        fprintf(out, ",%s", variant->name);
    for (guint i = 0; i < columns->len; i++) {
        const CpShownLine *line = find(lines, columns->pdata[i], variant ? variant->name : NULL);
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        fprintf(out, ",%s", g_ascii_formatd(text, sizeof(text), "%.6f", line->summary.median / 1e6));
    }
    fputs("\n", out);
}

void
cp_otava_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) lines = cp_shown_lines(result), columns = find_columns(result, lines);
    fputs(result->variants->len > 0 ? "time,commit,branch" : "time,commit", out);
    for (guint i = 0; i < columns->len; i++) {
        fputs(",", out);
        cp_csv_print_field(columns->pdata[i], "", out);
    }
    fputs("\n", out);
    if (result->variants->len == 0)
        print_row(result, lines, columns, NULL, out);
    for (guint i = 0; i < result->variants->len; i++)
        print_row(result, lines, columns, result->variants->pdata[i], out);
}
