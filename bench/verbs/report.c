/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe report`: makes a page of results. */
#include "archive/print.h"
#include "base/output.h"
#include "measure/environment-text.h"
#include "show/report.h"
#include "verbs/verb.h"

/* Returns whether the history is that of one of the results: a story of another run would be taken for one of these. */
static gboolean
is_of(const CpStories *stories, const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        const CpResult *result = results->pdata[i];
        if (cp_environment_is_same_run(result->environment, result->seed, stories->environment, stories->seed))
            return TRUE;
    }
    return FALSE;
}

static CpStories *
load_stories(const char *file, const GPtrArray *results, GError **error)
{
    g_autoptr(CpHistoryStream) history = cp_history_stream_open(file, error);
    g_autoptr(CpStories) stories = history ? cp_stories_new(history, error) : NULL;
    if (!stories || is_of(stories, results))
        return g_steal_pointer(&stories);
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "%s: it is of another run, expected the history of one of the results: one with their seed and date",
                file);
    return NULL;
}

/* Loads the changes of all series of an archive. */
static CpArchiveChanges *
load_changes(const char *file, GError **error)
{
    g_autoptr(CpArchive) archive = cp_archive_open(file, FALSE, error);
    const CpFilter all = { 0 };
    return archive ? cp_archive_changes_new(archive, &all, FALSE, error) : NULL;
}

CpExit
cp_verb_report(const CpOptions *options, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) results = cp_results_load(arguments, error);
    g_autoptr(CpStories) stories = results && options->history ? load_stories(options->history, results, error) : NULL;
    if (!results || (options->history && !stories))
        return CP_EXIT_USAGE;

    g_autoptr(CpArchiveChanges) changes = options->db ? load_changes(options->db, error) : NULL;
    if (options->db && !changes)
        return CP_EXIT_USAGE;
    const CpReportSection history = { cp_archive_changes_write, changes }, *section = changes ? &history : NULL;
    g_autoptr(CpReportModel) model = cp_report_model_new(results, (const char *const *)arguments);
    if (!options->output)
        return cp_report_print(model, stories, section, stdout, error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
    g_autoptr(CpOutput) output = cp_output_begin(options->output, error);
    if (!output)
        return CP_EXIT_USAGE;
    if (!cp_report_print(model, stories, section, cp_output_stream(output), error))
        return CP_EXIT_FAILED;
    return cp_output_commit(g_steal_pointer(&output), error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}
