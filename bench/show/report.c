/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report: the page, its head, what was tested, and how to do it again. */
#include "show/report.h"

#include <stdarg.h>

#include "measure/environment-text.h"
#include "measure/repeat.h"
#include "report-style.h"
#include "show/cases.h"
#include "show/report-parts.h"

void
cp_report_write_cell(CpMarkup *markup, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    cp_markup_open(markup, "td", "data-label", label, NULL);
    cp_markup_text(markup, "%s", text);
    cp_markup_close(markup);
}

void
cp_report_write_heads(CpMarkup *markup, const char *const *heads)
{
    cp_markup_open(markup, "thead", NULL);
    cp_markup_open(markup, "tr", NULL);
    for (; *heads; heads++) {
        cp_markup_open(markup, "th", "scope", "col", NULL);
        cp_markup_text(markup, "%s", *heads);
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
    cp_markup_close(markup);
}

void
cp_report_write_word(CpMarkup *markup, const char *word)
{
    g_autofree char *class = g_strdup_printf("word %s", word);
    cp_markup_add(markup, "span", class, "%s", word);
}

void
cp_report_write_side(const CpReportModel *model, guint side, CpMarkup *markup)
{
    if (model->sides->len < 2)
        return;
    cp_markup_open(markup, "span", "class", "side", NULL);
    cp_plots_write_mark(side, markup);
    cp_markup_text(markup, "%s ", cp_report_side(model, side)->name);
    cp_markup_close(markup);
}

/* --- the head: the outcome first --- */

/* Returns the outcome of all results together: the worst. */
static CpOutcome
worst_outcome(const CpReportModel *model, char **reason)
{
    CpOutcome worst = CP_OUTCOME_PASSED;
    for (guint i = 0; i < model->results->len; i++) {
        g_autofree char *why = NULL;
        CpOutcome outcome = cp_outcome_of_run(model->results->pdata[i], &why);
        if (worst == CP_OUTCOME_FAILED || outcome == CP_OUTCOME_PASSED)
            continue;
        worst = outcome;
        g_free(*reason);
        *reason = g_steal_pointer(&why);
    }
    return worst;
}

/* Writes a row of the overview: a scenario of a side. */
static void
write_overview_row(const CpReportModel *model, guint number, guint side, CpMarkup *markup)
{
    const CpReportScenario *scenario = model->scenarios->pdata[number];
    const CpScenarioResult *it = scenario->of[side];
    g_autofree char *reason = NULL, *link = g_strdup_printf("#scenario-%u", number + 1);
    CpOutcome outcome = cp_outcome_of_scenario(cp_report_side(model, side)->result, it, &reason);
    gint64 reads = 0;
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++)
        reads += it->counts.reads[verdict];

    cp_markup_open(markup, "tr", NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_open(markup, "a", "href", link, NULL);
    cp_markup_text(markup, "%s", scenario->name);
    cp_markup_close(markup);
    cp_markup_text(markup, " ");
    cp_report_write_side(model, side, markup);
    cp_markup_close(markup);
    cp_markup_open(markup, "td", "data-label", "outcome", NULL);
    cp_report_write_word(markup, cp_outcome_name(outcome));
    cp_markup_close(markup);
    cp_report_write_cell(markup, "reads", "%" G_GINT64_FORMAT, reads);
    cp_report_write_cell(markup, "stale", "%" G_GINT64_FORMAT, it->counts.reads[CP_VERDICT_STALE]);
    cp_report_write_cell(markup, "spurious", "%" G_GINT64_FORMAT, it->counts.refreshes[CP_REFRESH_SPURIOUS]);
    cp_report_write_cell(markup, "why", "%s", reason);
    cp_markup_close(markup);
}

static void
write_overview(const CpReportModel *model, CpMarkup *markup)
{
    static const char *const heads[] = { "scenario", "outcome", "reads", "stale", "spurious refreshes", "why", NULL };
    cp_markup_open(markup, "table", "class", "stack overview", NULL);
    cp_report_write_heads(markup, heads);
    cp_markup_open(markup, "tbody", NULL);
    for (guint i = 0; i < model->scenarios->len; i++) {
        const CpReportScenario *scenario = model->scenarios->pdata[i];
        for (guint side = 0; side < model->sides->len; side++) {
            if (scenario->of[side])
                write_overview_row(model, i, side, markup);
        }
    }
    cp_markup_close(markup);
    cp_markup_close(markup);
}

static void
write_texts(char **texts, CpMarkup *markup)
{
    for (; *texts; texts++)
        cp_markup_add(markup, "p", "note", "%s", *texts);
}

static void
write_head(const CpReportModel *model, CpMarkup *markup)
{
    g_autofree char *reason = g_strdup("");
    CpOutcome outcome = worst_outcome(model, &reason);
    g_autofree char *class = g_strdup_printf("verdict %s", cp_outcome_name(outcome));
    const CpSide *first = cp_report_side(model, 0);

    cp_markup_open(markup, "header", "class", class, NULL);
    cp_markup_add(markup, "h1", NULL, "%s", cp_outcome_sentence(outcome));
    if (*reason)
        cp_markup_add(markup, "p", NULL, "%s", reason);
    cp_markup_add(markup, "p", "note", "capprobe %s, %s", cp_environment_text(first->environment, "capprobe"),
                  cp_environment_text(first->environment, "date"));
    cp_markup_close(markup);
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "Outcome");
    write_overview(model, markup);
    for (guint i = 0; i < model->results->len; i++) {
        const CpResult *result = model->results->pdata[i];
        write_texts(result->notes, markup);
        write_texts(result->differences, markup);
    }
    cp_markup_close(markup);
}

/* --- what was tested --- */

static void
write_environment_row(const CpReportModel *model, const char *what, const char *path, CpMarkup *markup)
{
    cp_markup_open(markup, "tr", NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_text(markup, "%s", what);
    cp_markup_close(markup);
    for (guint i = 0; i < model->sides->len; i++) {
        const CpSide *side = cp_report_side(model, i);
        const char *text = cp_environment_text(side->environment, path);
        /* What is the same for all variants is told once. */
        if (!*text)
            text = cp_environment_text(side->result->environment, path);
        cp_report_write_cell(markup, model->sides->len > 1 ? side->name : NULL, "%s", *text ? text : "–");
    }
    cp_markup_close(markup);
}

static void
write_environment(const CpReportModel *model, CpMarkup *markup)
{
    static const struct {
        const char *what, *path;
    } rows[] = {
        { "libvirt", "libvirt.version" },
        { "its library", "libvirt.library" },
        { "build id of its driver", "libvirt.driver_build_id" },
        { "emulator", "emulator.version" },
        { "its path", "emulator.path" },
        { "build id", "emulator.build_id" },
        { "modules", "module_dir" },
        { "tree", "tree" },
        { "target", "target" },
        { "KVM", "kvm" },
        { "CPU", "host.cpu" },
        { "kernel", "host.kernel" },
        { "date", "date" },
    };
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "Environment");
    cp_markup_open(markup, "table", "class", "stack environment", NULL);
    if (model->sides->len > 1) {
        g_autoptr(GPtrArray) heads = g_ptr_array_new();
        g_ptr_array_add(heads, (char *)"what");
        for (guint i = 0; i < model->sides->len; i++)
            g_ptr_array_add(heads, cp_report_side(model, i)->name);
        g_ptr_array_add(heads, NULL);
        cp_report_write_heads(markup, (const char *const *)heads->pdata);
    }
    cp_markup_open(markup, "tbody", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        write_environment_row(model, rows[i].what, rows[i].path, markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
}

static void
write_commands(const CpReportModel *model, CpMarkup *markup)
{
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "Do it again");
    for (guint i = 0; i < model->results->len; i++) {
        g_autofree char *command = cp_repeat_command(model->results->pdata[i]);
        cp_markup_add(markup, "pre", NULL, "%s", command);
    }
    cp_markup_close(markup);
}

gboolean
cp_report_print(
    const CpReportModel *model, const CpStories *stories, const CpReportSection *history, FILE *out, GError **error)
{
    if (!cp_plots_draw(model->plots, error))
        return FALSE;
    g_autoptr(CpMarkup) markup = cp_markup_new(out);
    xmlTextWriterWriteDTD(markup, BAD_CAST "html", NULL, NULL, NULL);
    cp_markup_open(markup, "html", "lang", "en", NULL);
    cp_markup_open(markup, "head", NULL);
    cp_markup_open(markup, "meta", "charset", "utf-8", NULL);
    cp_markup_close_empty(markup);
    cp_markup_open(markup, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    cp_markup_close_empty(markup);
    cp_markup_open(markup, "meta", "name", "color-scheme", "content", "light dark", NULL);
    cp_markup_close_empty(markup);
    cp_markup_open(markup, "link", "rel", "icon", "href", "data:,", NULL);
    cp_markup_close_empty(markup);
    cp_markup_add(markup, "title", NULL, "capprobe: report");
    cp_markup_open(markup, "style", NULL);
    cp_markup_raw(markup, CP_REPORT_STYLE);
    cp_markup_close(markup);
    cp_markup_close(markup);

    cp_markup_open(markup, "body", NULL);
    cp_markup_open(markup, "main", NULL);
    write_head(model, markup);
    cp_report_write_comparison(model, markup);
    if (history)
        history->write(markup, history->data);
    cp_report_write_stories(stories, markup);
    cp_report_write_scenarios(model, markup);
    cp_report_write_profiles(model, markup);
    write_environment(model, markup);
    write_commands(model, markup);
    xmlTextWriterEndDocument(markup);
    return TRUE;
}
