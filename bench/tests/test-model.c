/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Test of the judge: it must agree with a simulation about each read of many random histories. */
/*
 *     test-model [READS [SEED]]
 *
 * If it does not agree, the history is printed, in lines that begin with "{". To judge it again:
 *
 *     test-model READS SEED | grep '^{' >history.jsonl; capprobe judge history.jsonl
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

#define READS 1000000
#define HISTORY_READS 1000

typedef struct {
    const Model *model;
    guint settles;    /* that were compared */
    guint reads;      /* that were compared */
    GString *problem; /* NULL as long as both agree */
} Comparison;

static void
print_history(const Model *model)
{
    for (guint i = 0; i < model->events->len; i++) {
        g_autofree char *line = cp_event_write(model->events->pdata[i]);
        printf("%s\n", line);
    }
}

static void
compare_settle(const CpFinding *finding, Comparison *comparison)
{
    const CpSettle *settle = &finding->settle;
    const ModelSettle *truth = &g_array_index(comparison->model->settles, ModelSettle, comparison->settles);
    comparison->settles++;
    if (settle->settled == truth->settled && settle->ns == truth->ns && settle->reads == truth->reads &&
        settle->stale == truth->stale)
        return;
    comparison->problem = g_string_new(NULL);
    g_string_printf(
        comparison->problem,
        "settle %u, round %" G_GINT64_FORMAT ", end_ns %" G_GINT64_FORMAT ": the judge says %s after %" G_GINT64_FORMAT
        ", reads %" G_GINT64_FORMAT ", stale %" G_GINT64_FORMAT "; true is %s after %" G_GINT64_FORMAT
        ", reads %" G_GINT64_FORMAT ", stale %" G_GINT64_FORMAT,
        comparison->settles, finding->round, finding->event->end_ns, cp_settled_name(settle->settled), settle->ns,
        settle->reads, settle->stale, cp_settled_name(truth->settled), truth->ns, truth->reads, truth->stale);
}

/* Compares the judge's finding about a read or a settle with what is true. */
static void
compare(const CpFinding *finding, gpointer data)
{
    Comparison *comparison = data;
    if (finding->event->type == CP_EVENT_SETTLE && !comparison->problem)
        compare_settle(finding, comparison);
    if (finding->event->type != CP_EVENT_READ || comparison->problem)
        return;
    const ModelRead *truth = &g_array_index(comparison->model->reads, ModelRead, comparison->reads);
    comparison->reads++;
    gboolean refresh = finding->refresh == truth->refresh ||
                       (finding->refresh == CP_REFRESH_UNKNOWN && truth->obscure && truth->refresh != CP_REFRESH_NONE);
    gboolean excused = truth->verdict == CP_VERDICT_STALE && g_str_equal(finding->event->name, "settle");
    if (finding->verdict == truth->verdict && refresh && finding->excused == excused &&
        finding->hidden == truth->hidden && finding->fault == truth->fault)
        return;

    comparison->problem = g_string_new(NULL);
    g_string_printf(
        comparison->problem,
        "read %u, round %" G_GINT64_FORMAT ", begin_ns %" G_GINT64_FORMAT
        ": the judge says %s, refresh %s, hidden %d, fault %d; true is %s, refresh %s%s, hidden %d, fault %d",
        comparison->reads, finding->round, finding->event->begin_ns, cp_verdict_name(finding->verdict),
        cp_refresh_name(finding->refresh), finding->hidden, finding->fault, cp_verdict_name(truth->verdict),
        cp_refresh_name(truth->refresh), truth->obscure ? " or unknown" : "", truth->hidden, truth->fault);
}

int
main(int argc, char **argv)
{
    guint reads = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : READS, done = 0;
    guint32 seed = argc > 2 ? (guint32)g_ascii_strtoull(argv[2], NULL, 10) : g_random_int();

    printf("TAP version 13\n# seed %u\n1..1\n", seed);
    for (guint32 i = seed; done < reads; i++) {
        g_autoptr(Model) model = model_new(i, HISTORY_READS);
        g_autoptr(GError) error = NULL;
        Comparison comparison = { .model = model };
        g_autoptr(CpJudgement) judgement = cp_judge(model->events, "model", FALSE, compare, &comparison, &error);
        done += comparison.reads;
        if (judgement && !comparison.problem && comparison.reads == model->reads->len &&
            comparison.settles == model->settles->len)
            continue;
        print_history(model);
        printf("not ok 1 - the judge agrees with the model\n# found after %u reads, seed %u, flaws 0x%x: %s\n", done, i,
               model->flaws,
               error                ? error->message
               : comparison.problem ? comparison.problem->str
                                    : "reads are missing");
        if (comparison.problem)
            g_string_free(comparison.problem, TRUE);
        return EXIT_FAILURE;
    }
    printf("ok 1 - the judge agrees with the model\n# %u reads\n", done);
    return EXIT_SUCCESS;
}
