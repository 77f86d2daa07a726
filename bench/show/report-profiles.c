/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a report that breaks down a refresh. */
#include "base/duration.h"
#include "measure/phases.h"
#include "show/report-parts.h"

static void
write_phase(const CpPhases *phases, const CpPhase *phase, CpMarkup *markup)
{
    double share = 100.0 * phase->ns / phases->total_ns;
    char width[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(width, sizeof(width), "%.1f", MIN(share, 100));
    g_autofree char *style = g_strdup_printf("width:%s%%", width);
    g_autofree char *text = cp_duration_format((double)phase->ns / phases->n);

    cp_markup_open(markup, "tr", NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_text(markup, "%s", phase->name);
    cp_markup_close(markup);
    cp_report_write_cell(markup, "per refresh", "%s", text);
    cp_markup_open(markup, "td", "data-label", "share", "class", "share", NULL);
    cp_markup_add(markup, "span", NULL, "%s %%", width);
    cp_markup_open(markup, "span", "class", "bar", "style", style, NULL);
    cp_markup_close(markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
}

static void
write_profile(const CpReportModel *model, guint side, const CpPhases *phases, CpMarkup *markup)
{
    static const char *const heads[] = { "phase", "per refresh", "share", NULL };
    cp_markup_open(markup, "div", "class", "card", NULL);
    cp_markup_open(markup, "p", NULL);
    cp_report_write_side(model, side, markup);
    cp_markup_text(markup, "mean of %u cold refreshes, in extra rounds with libvirt's debug log", phases->n);
    cp_markup_close(markup);
    cp_markup_open(markup, "table", "class", "stack", NULL);
    cp_report_write_heads(markup, heads);
    cp_markup_open(markup, "tbody", NULL);
    for (guint i = 0; i < phases->phases->len; i++)
        write_phase(phases, &g_array_index(phases->phases, CpPhase, i), markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
}

void
cp_report_write_profiles(const CpReportModel *model, CpMarkup *markup)
{
    gboolean headed = FALSE;
    for (guint i = 0; i < model->sides->len; i++) {
        const CpSide *side = cp_report_side(model, i);
        g_autoptr(CpPhases) phases = cp_phases_sum(side->result, side->variant);
        if (!phases)
            continue;
        if (!headed) {
            cp_markup_open(markup, "section", NULL);
            cp_markup_add(markup, "h2", NULL, "Where a cold refresh spends its time");
        }
        headed = TRUE;
        write_profile(model, i, phases, markup);
    }
    if (headed)
        cp_markup_close(markup);
}
