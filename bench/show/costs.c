/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The costs of reads, as text. */
#include "show/costs.h"

#include <math.h>

#include "base/duration.h"
#include "base/text.h"
#include "measure/environment-text.h"
#include "show/grid.h"
#include "show/lines.h"

static const char *const titles[] = { "libvirt CPU", "emulator CPU", "libvirt instructions", "emulator instructions" };
G_STATIC_ASSERT(G_N_ELEMENTS(titles) == CP_COST_LAST);

const char *
cp_cost_title(CpCost cost)
{
    return titles[cost];
}

char *
cp_cost_format(CpCost cost, double figure)
{
    double size = fabs(figure);
    if (cp_cost_is_time(cost))
        return cp_duration_format(figure);
    return size < 1e3   ? g_strdup_printf("%.0f", figure)
           : size < 1e6 ? g_strdup_printf("%.3g k", figure / 1e3)
           : size < 1e9 ? g_strdup_printf("%.3g M", figure / 1e6)
                        : g_strdup_printf("%.4g G", figure / 1e9);
}

char *
cp_cost_describe_uncounted(const CpResult *result)
{
    const char *why = cp_environment_text(result->environment, "host.instructions");
    return *why && !g_str_equal(why, "counted") ? g_strdup_printf("instructions are not counted: %s", why) : NULL;
}

/* Returns the median of a cost of a line, "-" if it is not known of any sample. The caller owns it. */
static char *
format_median(const CpResultLine *line, CpCost cost)
{
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < line->costs->len; i++) {
        const CpCosts *costs = &g_array_index(line->costs, CpCosts, i);
        double figure = costs->figures[cost];
        if (cp_costs_has(costs, cost))
            g_array_append_val(known, figure);
    }
    return known->len > 0 ? cp_cost_format(cost, cp_median((const double *)known->data, known->len)) : g_strdup("-");
}

static gboolean
has_costs(const CpResultLine *line)
{
    for (guint i = 0; i < line->costs->len; i++) {
        if (g_array_index(line->costs, CpCosts, i).known)
            return TRUE;
    }
    return FALSE;
}

/* Adds the rows of a scenario. Returns whether there are any. */
static gboolean
add_scenario(CpGrid *grid, const CpScenarioResult *scenario)
{
    g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
    gboolean any = FALSE;
    for (guint i = 0; i < lines->len; i++) {
        if (!has_costs(lines->pdata[i]))
            continue;
        cp_grid_take(grid, cp_shown_line(scenario, lines->pdata[i]));
        for (CpCost cost = 0; cost < CP_COST_LAST; cost++)
            cp_grid_take(grid, format_median(lines->pdata[i], cost));
        any = TRUE;
    }
    return any;
}

void
cp_costs_print(const CpResult *result, FILE *out)
{
    const char *const heads[] = { "<median cost of a read", titles[0], titles[1], titles[2], titles[3], NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    g_autofree char *uncounted = cp_cost_describe_uncounted(result);
    gboolean any = FALSE;
    for (guint i = 0; i < result->scenarios->len; i++)
        any |= add_scenario(grid, result->scenarios->pdata[i]);
    if (!any)
        return;
    fputs("\n", out);
    cp_grid_print(grid, out);
    if (uncounted)
        cp_text_print_line(out, "%s", uncounted);
}
