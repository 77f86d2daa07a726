/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "show/detail.h"

#include "base/duration.h"

/* Where KVM comes or goes, thousands of facts about CPU models change. */
#define LINES_SHOWN 20

/* A line about a step: WORD and ARGS, and what came of it. */
static void
print_step(FILE *out, const CpEvent *event, const char *word, const char *outcome)
{
    g_autofree char *args = g_strjoinv(" ", event->args);
    g_autofree char *step = g_strdup_printf("%s %s", word, args);
    g_autofree char *line = g_strdup_printf("  line %-4" G_GINT64_FORMAT " %-34s %s", event->line, step, outcome);
    fprintf(out, "%s\n", g_strchomp(line));
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

    fprintf(out, "  line %-4" G_GINT64_FORMAT " %-20s %12s  %-7s %s\n", event->line, event->name, latency,
            cp_verdict_name(finding->verdict), finding->refresh ? refresh : "no refresh");
}

static void
print_expectation(const CpFinding *finding, FILE *out)
{
    print_step(out, finding->event, "expect", finding->holds ? "holds" : "does not hold, seen:");
}

static void
print_lines(GStrv lines, gboolean whole, FILE *out)
{
    guint length = lines ? g_strv_length(lines) : 0, shown = whole ? length : MIN(length, LINES_SHOWN);

    for (guint i = 0; i < shown; i++)
        fprintf(out, "              %s\n", lines[i]);
    if (shown < length)
        fprintf(out, "              and %u more, which --whole shows\n", length - shown);
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
    print_lines(finding->lines, whole, out);
}

void
cp_detail_print(const CpJudgement *judgement, gboolean whole, FILE *out)
{
    gint64 verdicts[CP_VERDICT_LAST] = { 0 }, unheld = 0, reads = 0;

    for (guint s = 0; s < judgement->scenarios->len; s++) {
        const CpJudgedScenario *scenario = judgement->scenarios->pdata[s];
        gint64 round = 0;
        fprintf(out, "%s (%s)\n", scenario->name, scenario->file);
        if (scenario->skipped)
            fprintf(out, "  cannot be tested here: %s\n", scenario->skipped);
        for (guint i = 0; i < scenario->findings->len; i++) {
            const CpFinding *finding = scenario->findings->pdata[i];
            if (finding->round != round)
                fprintf(out, " round %" G_GINT64_FORMAT "\n", finding->round);
            round = finding->round;
            print_finding(finding, whole, out);
            if (finding->event->type == CP_EVENT_READ) {
                verdicts[finding->verdict]++;
                reads++;
            }
            unheld += finding->event->type == CP_EVENT_EXPECT && !finding->holds;
        }
    }

    fprintf(out, "\nof %" G_GINT64_FORMAT " reads:", reads);
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++) {
        if (verdicts[verdict] > 0)
            fprintf(out, " %" G_GINT64_FORMAT " %s", verdicts[verdict], cp_verdict_name(verdict));
    }
    if (unheld > 0)
        fprintf(out, "; expectations that do not hold: %" G_GINT64_FORMAT, unheld);
    if (*judgement->end->error)
        fprintf(out, "; not carried out whole: %s", judgement->end->error);
    fputs("\n", out);
}
