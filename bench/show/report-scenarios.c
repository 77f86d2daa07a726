/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a report about scenarios. */
#include "base/duration.h"
#include "measure/settles.h"
#include "show/report-parts.h"
#include "show/settles.h"

/* How many problems of a scenario are listed. */
#define SHOWN 10

static void
write_duration(CpMarkup *markup, const char *label, double ns)
{
    g_autofree char *text = cp_duration_format(ns);
    cp_report_write_cell(markup, label, "%s", text);
}

static void
write_line_row(const CpReportModel *model, const CpReportLine *line, guint side, CpMarkup *markup)
{
    const CpSummary *summary = &line->summaries[side];
    cp_markup_open(markup, "tr", NULL);
    if (model->sides->len > 1) {
        cp_markup_open(markup, "th", "scope", "row", NULL);
        cp_report_write_side(model, side, markup);
        cp_markup_close(markup);
    }
    cp_report_write_cell(markup, "samples", "%zu", summary->n);
    write_duration(markup, "median", summary->median);
    g_autofree char *low = cp_duration_format(summary->low), *high = cp_duration_format(summary->high);
    if (summary->interval)
        cp_report_write_cell(markup, "95 % interval", "%s – %s", low, high);
    else
        cp_report_write_cell(markup, "95 % interval", "needs %d rounds", CP_INTERVAL_MIN_N);
    write_duration(markup, "p90", summary->p90);
    write_duration(markup, "max", summary->max);
    cp_markup_close(markup);
}

static void
write_plot(const CpReportModel *model, guint number, const char *what, const char *line, CpMarkup *markup)
{
    g_autofree char *label = g_strdup_printf("%s of %s", what, line);
    cp_plots_write(model->plots, number, label, markup);
}

static void
write_line(const CpReportModel *model, const CpReportScenario *scenario, const CpReportLine *line, CpMarkup *markup)
{
    static const char *const heads[] = { "variant", "samples", "median", "95 % interval", "p90", "max", NULL };
    g_autofree char *name = g_strdup_printf("%s, line %" G_GINT64_FORMAT "%s%s", scenario->name, line->line,
                                            *line->label ? ": " : "", line->label);
    cp_markup_add(markup, "h4", NULL, "line %" G_GINT64_FORMAT "%s%s", line->line, *line->label ? ": " : "",
                  line->label);
    cp_markup_open(markup, "table", "class", "stack", NULL);
    cp_report_write_heads(markup, heads + (model->sides->len > 1 ? 0 : 1));
    cp_markup_open(markup, "tbody", NULL);
    for (guint side = 0; side < model->sides->len; side++) {
        if (line->summaries[side].n > 0)
            write_line_row(model, line, side, markup);
    }
    cp_markup_close(markup);
    cp_markup_close(markup);
    if (!line->plotted)
        return;
    cp_markup_open(markup, "div", "class", "plots", NULL);
    write_plot(model, line->samples_plot, "samples", name, markup);
    write_plot(model, line->ecdf_plot, "distribution", name, markup);
    cp_markup_close(markup);
}

static void
write_count(CpMarkup *markup, const char *what, gint64 count)
{
    if (count > 0)
        cp_markup_add(markup, "li", NULL, "%s %" G_GINT64_FORMAT, what, count);
}

static void
write_counts(const CpScenarioResult *scenario, CpMarkup *markup)
{
    const CpCounts *counts = &scenario->counts;
    cp_markup_open(markup, "ul", "class", "facts", NULL);
    write_count(markup, "rounds", scenario->rounds);
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++)
        write_count(markup, cp_verdict_name(verdict), counts->reads[verdict]);
    write_count(markup, "hidden", counts->hidden);
    write_count(markup, "needed refreshes", counts->refreshes[CP_REFRESH_NEEDED]);
    write_count(markup, "spurious refreshes", counts->refreshes[CP_REFRESH_SPURIOUS]);
    write_count(markup, "emulators", counts->emulators);
    cp_markup_close(markup);
}

static void
write_settles(const CpScenarioResult *scenario, CpMarkup *markup)
{
    g_autoptr(GPtrArray) lines = cp_settles_lines(scenario);
    for (guint i = 0; i < lines->len; i++) {
        const CpSettleLine *line = lines->pdata[i];
        g_autofree char *text = cp_settle_line_describe(line);
        cp_markup_add(markup, "p", NULL, "line %" G_GINT64_FORMAT "%s%s: %s", line->line, line->label ? " " : "",
                      line->label ? line->label : "", text);
    }
}

static void
write_problems(const CpScenarioResult *scenario, CpMarkup *markup)
{
    if (scenario->problems->len == 0)
        return;
    cp_markup_open(markup, "ul", "class", "problems", NULL);
    for (guint i = 0; i < MIN(scenario->problems->len, SHOWN); i++) {
        const CpProblem *problem = scenario->problems->pdata[i];
        cp_markup_open(markup, "li", NULL);
        cp_markup_text(markup, "round %" G_GINT64_FORMAT ", line %" G_GINT64_FORMAT ": ", problem->round,
                       problem->line);
        cp_report_write_word(markup, problem->verdict);
        for (char **line = problem->differences; *line; line++)
            cp_markup_add(markup, "code", NULL, "%s", *line);
        cp_markup_close(markup);
    }
    if (scenario->problems->len > SHOWN)
        cp_markup_add(markup, "li", NULL, "and %u more", scenario->problems->len - SHOWN);
    cp_markup_close(markup);
}

static void
write_side(const CpReportModel *model, const CpReportScenario *scenario, guint side, CpMarkup *markup)
{
    g_autofree char *reason = NULL;
    const CpScenarioResult *it = scenario->of[side];
    CpOutcome outcome = cp_outcome_of_scenario(cp_report_side(model, side)->result, it, &reason);

    cp_markup_open(markup, "p", "class", "outcome", NULL);
    cp_report_write_side(model, side, markup);
    cp_report_write_word(markup, cp_outcome_name(outcome));
    cp_markup_text(markup, " %s", reason);
    cp_markup_close(markup);
    if (outcome == CP_OUTCOME_SKIPPED)
        return;
    write_counts(it, markup);
    write_settles(it, markup);
    write_problems(it, markup);
}

static void
write_scenario(const CpReportModel *model, const CpReportScenario *scenario, guint number, CpMarkup *markup)
{
    g_autofree char *id = g_strdup_printf("scenario-%u", number);
    cp_markup_open(markup, "section", "class", "card", "id", id, NULL);
    cp_markup_add(markup, "h3", NULL, "%s", scenario->name);
    for (guint side = 0; side < model->sides->len; side++) {
        if (scenario->of[side])
            write_side(model, scenario, side, markup);
    }
    for (guint i = 0; i < scenario->lines->len; i++)
        write_line(model, scenario, scenario->lines->pdata[i], markup);
    cp_markup_close(markup);
}

void
cp_report_write_scenarios(const CpReportModel *model, CpMarkup *markup)
{
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "Scenarios");
    cp_markup_add(markup, "p", "note",
                  "Every dot is a measured read that was fresh. The band is the 95 %% interval of the median.");
    cp_plots_write_shapes(model->plots, markup);
    for (guint i = 0; i < model->scenarios->len; i++)
        write_scenario(model, model->scenarios->pdata[i], i + 1, markup);
    cp_markup_close(markup);
}
