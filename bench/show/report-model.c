/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report shows: results side by side. */
#include "show/report-model.h"

/* The fewest samples of a side for which a line is plotted: one dot shows nothing. */
#define PLOTTED_MIN 2

static void
side_free(gpointer data)
{
    CpSide *side = data;
    g_free(side->name);
    g_free(side);
}

static void
line_free(gpointer data)
{
    CpReportLine *line = data;
    g_free(line->label);
    g_free(line->summaries);
    g_free(line);
}

static void
scenario_free(gpointer data)
{
    CpReportScenario *scenario = data;
    g_free(scenario->of);
    g_ptr_array_unref(scenario->lines);
    g_free(scenario);
}

const CpSide *
cp_report_side(const CpReportModel *model, guint i)
{
    return model->sides->pdata[i];
}

static void
add_side(CpReportModel *model, const CpResult *result, const CpResultVariant *variant, const char *result_name)
{
    CpSide *side = g_new0(CpSide, 1);
    side->result = result;
    side->variant = variant ? variant->name : NULL;
    side->environment = variant ? variant->environment : result->environment;
    side->name =
        g_strdup_printf("%s%s%s", result_name, *result_name && variant ? " " : "", variant ? variant->name : "");
    g_ptr_array_add(model->sides, side);
}

static void
add_sides(CpReportModel *model, const char *const *names)
{
    for (guint i = 0; i < model->results->len; i++) {
        const CpResult *result = model->results->pdata[i];
        const char *name = model->results->len > 1 ? names[i] : "";
        if (result->variants->len == 0)
            add_side(model, result, NULL, name);
        for (guint v = 0; v < result->variants->len; v++)
            add_side(model, result, result->variants->pdata[v], name);
    }
}

static CpReportScenario *
find_scenario(CpReportModel *model, const char *name)
{
    for (guint i = 0; i < model->scenarios->len; i++) {
        CpReportScenario *scenario = model->scenarios->pdata[i];
        if (g_str_equal(scenario->name, name))
            return scenario;
    }
    CpReportScenario *scenario = g_new0(CpReportScenario, 1);
    scenario->name = name;
    scenario->of = g_new0(const CpScenarioResult *, model->sides->len);
    scenario->lines = g_ptr_array_new_with_free_func(line_free);
    g_ptr_array_add(model->scenarios, scenario);
    return scenario;
}

static void
add_scenarios(CpReportModel *model, guint side)
{
    const CpSide *it = cp_report_side(model, side);
    for (guint i = 0; i < it->result->scenarios->len; i++) {
        const CpScenarioResult *scenario = it->result->scenarios->pdata[i];
        if (g_strcmp0(scenario->variant, it->variant) == 0)
            find_scenario(model, scenario->name)->of[side] = scenario;
    }
}

/* Lines of different results are the same if their number and label are. */
static CpReportLine *
find_line(const CpReportModel *model, CpReportScenario *scenario, const CpResultLine *line)
{
    const char *label = line->label ? line->label : "";
    for (guint i = 0; i < scenario->lines->len; i++) {
        CpReportLine *found = scenario->lines->pdata[i];
        if (found->line == line->line && g_str_equal(found->label, label))
            return found;
    }
    CpReportLine *added = g_new0(CpReportLine, 1);
    added->line = line->line;
    added->label = g_strdup(label);
    added->summaries = g_new0(CpSummary, model->sides->len);
    g_ptr_array_add(scenario->lines, added);
    return added;
}

static CpPlotSeries
make_series(const CpResultLine *line, const CpSummary *summary)
{
    double *values = g_new(double, line->samples_ns->len);
    for (guint i = 0; i < line->samples_ns->len; i++)
        values[i] = g_array_index(line->samples_ns, gint64, i);
    return (CpPlotSeries){ values, line->samples_ns->len, summary->interval, summary->low, summary->high };
}

/* Adds the plots of a line; `series` has one member for each side. */
static void
add_plots(CpReportModel *model, CpReportLine *line, const CpPlotSeries *series)
{
    for (guint i = 0; i < model->sides->len; i++)
        line->plotted |= series[i].n >= PLOTTED_MIN;
    if (!line->plotted)
        return;
    line->samples_plot = cp_plots_add_samples(model->plots, series, model->sides->len);
    line->ecdf_plot = cp_plots_add_ecdf(model->plots, series, model->sides->len);
}

static void
add_lines(CpReportModel *model, CpReportScenario *scenario)
{
    guint n = model->sides->len;
    g_autoptr(GHashTable) all = g_hash_table_new_full(NULL, NULL, NULL, g_free); /* CpReportLine to its series */
    for (guint side = 0; side < n; side++) {
        if (!scenario->of[side])
            continue;
        g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario->of[side]);
        for (guint i = 0; i < lines->len; i++) {
            const CpResultLine *line = lines->pdata[i];
            if (line->samples_ns->len == 0)
                continue;
            CpReportLine *found = find_line(model, scenario, line);
            CpPlotSeries *series = g_hash_table_lookup(all, found);
            if (!series) {
                series = g_new0(CpPlotSeries, n);
                g_hash_table_insert(all, found, series);
            }
            found->summaries[side] = cp_result_line_summarize(line);
            series[side] = make_series(line, &found->summaries[side]);
        }
    }
    for (guint i = 0; i < scenario->lines->len; i++) {
        CpPlotSeries *series = g_hash_table_lookup(all, scenario->lines->pdata[i]);
        add_plots(model, scenario->lines->pdata[i], series);
        for (guint side = 0; side < n; side++)
            g_free((double *)series[side].values);
    }
}

CpReportModel *
cp_report_model_new(GPtrArray *results, const char *const *names)
{
    CpReportModel *model = g_new0(CpReportModel, 1);
    model->results = results;
    model->sides = g_ptr_array_new_with_free_func(side_free);
    model->scenarios = g_ptr_array_new_with_free_func(scenario_free);
    model->plots = cp_plots_new();
    add_sides(model, names);
    for (guint i = 0; i < model->sides->len; i++)
        add_scenarios(model, i);
    for (guint i = 0; i < model->scenarios->len; i++)
        add_lines(model, model->scenarios->pdata[i]);
    return model;
}

void
cp_report_model_free(CpReportModel *model)
{
    if (!model)
        return;
    g_ptr_array_unref(model->sides);
    g_ptr_array_unref(model->scenarios);
    cp_plots_free(model->plots);
    g_free(model);
}
