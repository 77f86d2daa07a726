/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe judge`: judges a recorded history. */
#include <errno.h>

#include "base/input.h"
#include "base/output.h"
#include "history/history.h"
#include "measure/result.h"
#include "show/detail.h"
#include "verbs/verb.h"

typedef struct {
    const char *file;
    CpJudge *judge;
    CpResult *result;
    CpDetail *detail;
} Reading;

static gboolean
learn_event(CpEvent *event, guint line, gpointer data, GError **error)
{
    const Reading *reading = data;
    g_autoptr(CpEvent) owned = event;
    return cp_judge_learn(reading->judge, owned, reading->file, line, error);
}

static gboolean
judge_event(CpEvent *event, guint line G_GNUC_UNUSED, gpointer data, GError **error G_GNUC_UNUSED)
{
    const Reading *reading = data;
    g_autoptr(CpEvent) owned = event;
    cp_judge_event(reading->judge, owned);
    return TRUE;
}

static void
take_finding(const CpFinding *finding, gpointer data)
{
    const Reading *reading = data;
    cp_result_add(finding, reading->result);
    cp_detail_add(finding, reading->detail);
}

/* Goes through the history event by event, twice. */
static CpJudgement *
judge_file(Reading *reading, gboolean strict, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    g_autoptr(CpJudge) judge = cp_judge_new(strict, take_finding, reading);
    reading->judge = judge;
    if (!cp_input_read_limited(reading->file, CP_INPUT_RECORD_MAX, &text, &length, error) ||
        !cp_history_each(reading->file, text, length, learn_event, reading, error) ||
        !cp_history_each(reading->file, text, length, judge_event, reading, error))
        return NULL;
    CpJudgement *judgement = cp_judge_finish(judge);
    cp_result_finish(reading->result, judgement);
    cp_detail_finish(reading->detail, judgement);
    return judgement;
}

static void
print_file(FILE *from, FILE *to)
{
    char chunk[BUFSIZ];
    rewind(from);
    for (gsize n; (n = fread(chunk, 1, sizeof(chunk), from)) > 0;)
        fwrite(chunk, 1, n, to);
}

CpExit
cp_verb_judge(const CpOptions *options, char **arguments, GError **error)
{
    if (!cp_output_check(options->output, error))
        return CP_EXIT_USAGE;

    /* Nothing is printed before the result is written: printing may end the process, if standard output is a closed pipe. */
    FILE *printed = tmpfile();
    if (!printed) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a temporary file");
        return CP_EXIT_FAILED;
    }
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpDetail) detail = cp_detail_new(options->whole, printed);
    Reading reading = { .file = arguments[0], .result = result, .detail = detail };
    g_autoptr(CpJudgement) judgement = judge_file(&reading, options->strict, error);
    if (!judgement) {
        fclose(printed);
        return CP_EXIT_USAGE;
    }

    g_autoptr(GError) failure = NULL;
    gboolean written = !options->output || cp_result_save(result, options->output, &failure);
    if (!written)
        cp_verb_complain(failure);
    if (g_strcmp0(options->output, "-") != 0)
        print_file(printed, stdout);
    fclose(printed);
    return written ? judgement->exit : CP_EXIT_FAILED;
}
