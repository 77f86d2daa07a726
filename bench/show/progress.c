/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress of a run. */
#include "show/progress.h"

#include <unistd.h>

#include "base/duration.h"
#include "base/text.h"

#define LINES_MAX 10 /* about as many lines are printed for rounds, if not on a terminal */

struct _CpProgress {
    FILE *out;
    gboolean terminal;
    gint64 rounds, done, truths; /* rounds in all, rounds that are done, truths so far */
    gint64 first_ns;             /* when the first round began; 0 before that */
    char *scenario;              /* of the present round, with its variant if there are several */
};

CpProgress *
cp_progress_new(FILE *out, gint64 rounds)
{
    CpProgress *progress = g_new0(CpProgress, 1);
    progress->out = out;
    progress->terminal = isatty(fileno(out));
    progress->rounds = rounds;
    return progress;
}

static void
print(CpProgress *progress, const char *text)
{
    g_autofree char *line = cp_text_printable(text);
    fprintf(progress->out, progress->terminal ? "\r\033[K%s" : "%s\n", line);
    fflush(progress->out);
}

static void
print_round(CpProgress *progress)
{
    gint64 spent_ns = cp_now_ns() - progress->first_ns;
    g_autofree char *left =
        progress->done > 0
            ? g_strdup_printf(", about %.0f s left",
                              (double)spent_ns / progress->done * (progress->rounds - progress->done) / CP_NS_PER_S)
            : g_strdup("");
    g_autofree char *line = g_strdup_printf("round %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", %s%s",
                                            progress->done + 1, progress->rounds, progress->scenario, left);
    print(progress, line);
}

void
cp_progress_event(const CpEvent *event, gpointer data)
{
    CpProgress *progress = data;

    if (event->type == CP_EVENT_TRUTH) {
        progress->truths++;
        g_autofree char *line =
            g_strdup_printf("asking libvirt with an empty cache (truth %" G_GINT64_FORMAT ")", progress->truths);
        if (progress->terminal || progress->truths == 1)
            print(progress, line);
    } else if (event->type == CP_EVENT_ROUND) {
        if (progress->first_ns == 0)
            progress->first_ns = cp_now_ns();
        g_free(progress->scenario);
        progress->scenario =
            event->variant ? g_strdup_printf("%s (%s)", event->scenario, event->variant) : g_strdup(event->scenario);
        if (progress->terminal || progress->done % (progress->rounds / LINES_MAX + 1) == 0)
            print_round(progress);
    } else if (event->type == CP_EVENT_ROUND_END) {
        progress->done++;
    } else if (event->type == CP_EVENT_PROFILE) {
        print(progress, "profiling");
    }
}

void
cp_progress_free(CpProgress *progress)
{
    if (!progress)
        return;
    if (progress->terminal)
        fputs("\r\033[K", progress->out);
    g_free(progress->scenario);
    g_free(progress);
}
