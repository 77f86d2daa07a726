/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads as text: what clients that read beside each other had to wait. */
#include "show/loads.h"

#include "base/duration.h"
#include "base/text.h"
#include "show/grid.h"
#include "show/lines.h"

static const char *const words[] = {
    [CP_LOAD_DURING] = "during a refresh",
    [CP_LOAD_OUTSIDE] = "outside",
    [CP_LOAD_BESIDE_DURING] = "other emulator, during a refresh",
    [CP_LOAD_BESIDE_OUTSIDE] = "other emulator, outside",
};

static void
add_row(CpGrid *grid, const char *name, const char *word, const CpLoadLatency *latency)
{
    cp_grid_add(grid, "%s", name);
    cp_grid_add(grid, "%s", word);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, latency->n);
    cp_grid_take(grid, cp_duration_format(latency->p50_ns));
    cp_grid_take(grid, cp_duration_format(latency->p90_ns));
    cp_grid_take(grid, cp_duration_format(latency->p99_ns));
    cp_grid_take(grid, cp_duration_format(latency->max_ns));
}

static void
print_line(const CpScenarioResult *scenario, const CpLoadLine *line, FILE *out)
{
    static const char *const heads[] = { "<clients", "<reads", "fresh", "p50", "p90", "p99", "longest", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    const CpLoad *load = &line->typical;
    g_autofree char *scenario_name = cp_shown_scenario(scenario);
    g_autofree char *name = g_strdup_printf("%s:%" G_GINT64_FORMAT, scenario_name, load->line);
    for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++) {
        if (load->latency[kind].n > 0)
            add_row(grid, name, words[kind], &load->latency[kind]);
    }
    fputs("\n", out);
    cp_text_print_line(out,
                       "%s: %" G_GINT64_FORMAT " clients that each read %" G_GINT64_FORMAT
                       " times per second: reads %" G_GINT64_FORMAT ", changes %" G_GINT64_FORMAT
                       ", emulators %" G_GINT64_FORMAT "%s",
                       name, load->clients, load->rate, load->reads, load->changes, load->emulators,
                       line->rounds > 1 ? " (medians of the rounds)" : "");
    cp_grid_print(grid, out);
}

void
cp_loads_print(const CpResult *result, FILE *out)
{
    gboolean any = FALSE;
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autoptr(GArray) lines = cp_loads_lines(scenario);
        for (guint l = 0; l < lines->len; l++)
            print_line(scenario, &g_array_index(lines, CpLoadLine, l), out);
        any |= lines->len > 0;
    }
    if (any)
        fputs("from the planned time to the return, of reads that were fresh\n", out);
}
