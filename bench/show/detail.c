/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judgement in detail: the findings step by step. */
#include "show/detail.h"

#include "base/duration.h"
#include "base/text.h"

#define INDENT "              "

/* Prints the line of a step: its word, its arguments and its outcome. */
static void
print_step(FILE *out, const CpEvent *event, const char *word, const char *outcome)
{
    g_autofree char *args = g_strjoinv(" ", event->args);
    g_autofree char *step = g_strdup_printf("%s %s", word, args);
    g_autofree char *line = g_strdup_printf("  line %-4" G_GINT64_FORMAT " %-34s %s", event->line, step, outcome);
    cp_text_print_line(out, "%s", g_strchomp(line));
}

static void
print_operation(const CpFinding *finding, FILE *out)
{
    CpEffect effect = CP_EFFECT_NONE;
    cp_effect_parse(finding->event->effect, &effect);
    const char *truth = !finding->known ? "truth unknown" : finding->changed ? "truth changed" : "truth unchanged";
    print_step(out, finding->event, finding->event->name, cp_effect_is_state(effect) ? truth : "");
}

static void
print_read(const CpFinding *finding, FILE *out)
{
    const CpEvent *event = finding->event;
    g_autofree char *latency = cp_duration_format(event->end_ns - event->begin_ns);
    g_autofree char *refresh = g_strdup_printf("%s refresh, emulators: %" G_GINT64_FORMAT,
                                               finding->needed ? "needed" : "spurious", event->emulators);

    cp_text_print_line(out, "  line %-4" G_GINT64_FORMAT " %-20s %12s  %-7s %s", event->line, event->name, latency,
                       cp_verdict_name(finding->verdict), finding->refresh ? refresh : "no refresh");
}

static void
print_expectation(const CpFinding *finding, FILE *out)
{
    print_step(out, finding->event, "expect", finding->holds ? "holds" : "does not hold, seen:");
}

static void
print_finding(const CpFinding *finding, gboolean whole, FILE *out)
{
    if (finding->event->type == CP_EVENT_OPERATION)
        print_operation(finding, out);
    else if (finding->event->type == CP_EVENT_READ)
        print_read(finding, out);
    else
        print_expectation(finding, out);

    g_auto(GStrv) lines = cp_finding_lines(finding, whole ? G_MAXUINT : CP_FINDING_LINES, ", which --whole shows");
    for (char **line = lines; *line; line++)
        cp_text_print_line(out, INDENT "%s", *line);
}

typedef struct {
    gint64 reads, verdicts[CP_VERDICT_LAST], unheld;
} Totals;

static void
count(const CpFinding *finding, Totals *totals)
{
    if (finding->event->type == CP_EVENT_READ) {
        totals->reads++;
        totals->verdicts[finding->verdict]++;
    }
    totals->unheld += finding->event->type == CP_EVENT_EXPECT && !finding->holds;
}

static void
print_scenario(const CpJudgedScenario *scenario, gboolean whole, Totals *totals, FILE *out)
{
    gint64 round = 0;
    cp_text_print_line(out, "%s (%s)", scenario->name, scenario->file);
    if (scenario->skipped)
        cp_text_print_line(out, "  cannot be tested here: %s", scenario->skipped);
    for (guint i = 0; i < scenario->findings->len; i++) {
        const CpFinding *finding = scenario->findings->pdata[i];
        if (finding->round != round)
            cp_text_print_line(out, " round %" G_GINT64_FORMAT, finding->round);
        round = finding->round;
        print_finding(finding, whole, out);
        count(finding, totals);
    }
}

static void
print_totals(const Totals *totals, const char *error, FILE *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    if (totals->reads == 0)
        g_string_append(line, "no reads");
    else
        g_string_append_printf(line, "%" G_GINT64_FORMAT " read%s:", totals->reads, totals->reads == 1 ? "" : "s");

    const char *separator = " ";
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++) {
        if (totals->verdicts[verdict] == 0)
            continue;
        g_string_append_printf(line, "%s%" G_GINT64_FORMAT " %s", separator, totals->verdicts[verdict],
                               cp_verdict_name(verdict));
        separator = ", ";
    }
    if (totals->unheld > 0)
        g_string_append_printf(line, "; expectations that do not hold: %" G_GINT64_FORMAT, totals->unheld);
    if (*error)
        g_string_append_printf(line, "; the run is not complete: %s", error);
    fputs("\n", out);
    cp_text_print_line(out, "%s", line->str);
}

void
cp_detail_print(const CpJudgement *judgement, gboolean whole, FILE *out)
{
    Totals totals = { 0 };
    for (guint i = 0; i < judgement->scenarios->len; i++)
        print_scenario(judgement->scenarios->pdata[i], whole, &totals, out);
    print_totals(&totals, judgement->end->error, out);
}
