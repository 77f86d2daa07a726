/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe judge`: judges a recorded history. */
#include "base/output.h"
#include "base/temporary.h"
#include "judge/judge-stream.h"
#include "measure/result.h"
#include "show/detail.h"
#include "show/timeline.h"
#include "verbs/verb.h"

typedef struct {
    CpResult *result;
    CpDetail *detail;
    gboolean watch; /* a command was watched */
} Taker;

static void
take_finding(const CpFinding *finding, gpointer data)
{
    Taker *taker = data;
    taker->watch |= finding->event->ran_ns > 0;
    cp_result_add(finding, taker->result);
    cp_detail_add(finding, taker->detail);
}

static void
print_file(FILE *from, FILE *to)
{
    char chunk[BUFSIZ];
    rewind(from);
    for (gsize n; (n = fread(chunk, 1, sizeof(chunk), from)) > 0;)
        fwrite(chunk, 1, n, to);
}

/* Prints the time line of a history of `watch`, which takes another look at it. */
static gboolean
print_timeline(CpHistoryStream *history, const CpOptions *options, GError **error)
{
    g_autoptr(CpWatching) watching = cp_watching_new();
    g_autoptr(CpJudgement) judgement = cp_judge_stream(history, options->strict, cp_watching_add, watching, error);
    if (!judgement)
        return FALSE;
    g_autoptr(CpWatched) watched = cp_watching_finish(watching);
    cp_timeline_print(watched, judgement, options->whole, stdout);
    return TRUE;
}

CpExit
cp_verb_judge(const CpOptions *options, char **arguments, GError **error)
{
    if (!cp_output_check(options->output, error))
        return CP_EXIT_USAGE;

    g_autoptr(CpHistoryStream) history = cp_history_stream_open(arguments[0], error);
    if (!history)
        return CP_EXIT_USAGE;

    /* Nothing is printed before the result is written: printing may end the process, if standard output is a closed pipe. */
    FILE *printed = cp_temporary_open(error);
    if (!printed)
        return CP_EXIT_FAILED;
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpDetail) detail = cp_detail_new(options->whole, printed);
    Taker taker = { .result = result, .detail = detail };
    g_autoptr(CpJudgement) judgement = cp_judge_stream(history, options->strict, take_finding, &taker, error);
    if (!judgement) {
        fclose(printed);
        return CP_EXIT_USAGE;
    }
    cp_result_finish(result, judgement);
    cp_detail_finish(detail, judgement);

    g_autoptr(GError) failure = NULL;
    gboolean written = !options->output || cp_result_save(result, options->output, &failure);
    if (!written)
        cp_verb_complain(failure);
    gboolean quiet = g_strcmp0(options->output, "-") == 0, shown = TRUE;
    if (!quiet && taker.watch)
        shown = print_timeline(history, options, error);
    else if (!quiet)
        print_file(printed, stdout);
    fclose(printed);
    if (!shown)
        return CP_EXIT_USAGE;
    return written ? judgement->exit : CP_EXIT_FAILED;
}
