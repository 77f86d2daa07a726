/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe history`: keeps the results of many runs, and shows how figures change over time. */
#include <string.h>

#include "archive/add.h"
#include "archive/annotate.h"
#include "archive/export.h"
#include "archive/plot.h"
#include "archive/print.h"
#include "base/output.h"
#include "base/temporary.h"
#include "base/text.h"
#include "show/gnuplot.h"
#include "verbs/verb.h"

/* What an action works on. */
typedef struct {
    const CpOptions *options;
    char **arguments; /* those of the action */
    CpFilter filter;
    CpArchive *archive;
} Call;

/* Adds each file. One that is refused does not keep the others from being added. */
static CpExit
run_add(const Call *call, GError **error G_GNUC_UNUSED)
{
    CpExit exit = CP_EXIT_WELL;
    for (char **file = call->arguments; *file; file++) {
        g_autoptr(GError) cause = NULL;
        CpAdded added;
        if (!cp_archive_add(call->archive, *file, call->options->machine, &added, &cause)) {
            cp_verb_complain(cause);
            exit = MAX(exit, cp_error_exit(cause));
            continue;
        }
        g_autofree char *name = cp_text_printable(*file);
        printf(added.known ? "%s: is there already, as result %" G_GINT64_FORMAT "\n"
                           : "%s: result %" G_GINT64_FORMAT "\n",
               name, added.id);
        fflush(stdout);
    }
    return exit;
}

static CpExit
run_list(const Call *call, GError **error)
{
    return cp_archive_print_list(call->archive, &call->filter, stdout, error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}

static CpExit
run_changes(const Call *call, GError **error)
{
    g_autoptr(CpArchiveChanges) changes =
        cp_archive_changes_new(call->archive, &call->filter, call->options->whole, error);
    if (!changes)
        return CP_EXIT_FAILED;
    cp_archive_changes_print(changes, stdout);
    const CpChangesSummary *summary = cp_archive_changes_summary(changes);
    return summary->open > 0 ? CP_EXIT_BAD : summary->too_short == summary->series ? CP_EXIT_UNTESTABLE : CP_EXIT_WELL;
}

/* Reads the number of a result. */
static gboolean
parse_result(const char *text, gint64 *id, GError **error)
{
    if (g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, id, NULL))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "history: expected the number of a result, but got '%s'", text);
    return FALSE;
}

static CpExit
run_annotate(const Call *call, GError **error)
{
    const char *note = call->options->note, *text = call->arguments[0];
    gint64 id = 0;
    guint n;
    if ((!note && !call->options->accept) || (note && !text)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "history annotate: expected --accept, or the number of a result and --note");
        return CP_EXIT_USAGE;
    }
    if ((text && !parse_result(text, &id, error)) || (note && !cp_archive_note(call->archive, id, note, error)))
        return CP_EXIT_USAGE;
    if (!call->options->accept)
        return CP_EXIT_WELL;
    if (!cp_archive_accept(call->archive, id, &call->filter, &n, error))
        return CP_EXIT_FAILED;
    printf("accepted the changes of %u series\n", n);
    return CP_EXIT_WELL;
}

static gboolean
is_limited(const CpFilter *filter)
{
    return filter->scenarios || filter->variants || filter->machine || filter->metric;
}

static CpExit
run_export(const Call *call, GError **error)
{
    const char *format = call->options->format ? call->options->format : "json", *output = call->options->output;
    gboolean csv = g_str_equal(format, "csv");
    gint64 id = 0;
    if (!csv && !g_str_equal(format, "json")) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected csv or json", format);
        return CP_EXIT_USAGE;
    }
    if (call->arguments[0] && !parse_result(call->arguments[0], &id, error))
        return CP_EXIT_USAGE;
    if (id > 0 && (call->options->format || is_limited(&call->filter))) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "history export: one result is exported as it was added, expected no --%s",
                    call->options->format ? "format" : "scenario, --variant, --machine or --line");
        return CP_EXIT_USAGE;
    }
    g_autoptr(CpOutput) file = cp_output_begin(output ? output : "-", error);
    if (!file)
        return CP_EXIT_USAGE;
    FILE *out = cp_output_stream(file);
    if (!(id > 0 ? cp_archive_export_result(call->archive, id, out, error)
          : csv  ? cp_archive_export_csv(call->archive, &call->filter, out, error)
                 : cp_archive_export_json(call->archive, &call->filter, out, error)))
        return CP_EXIT_USAGE;
    return cp_output_commit(g_steal_pointer(&file), error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}

/* Returns gnuplot's terminal for the file; NULL if there is none. */
static const char *
terminal_for(const char *output)
{
    return !output || g_str_equal(output, "-") ? "dumb"
           : g_str_has_suffix(output, ".svg")  ? "svg"
           : g_str_has_suffix(output, ".png")  ? "pngcairo"
                                               : NULL;
}

/* Returns the only series that is asked for: of times, if no line is named. */
static const CpSeries *
find_one(const Call *call, GPtrArray *all, GError **error)
{
    const CpSeries *one = NULL, *other = NULL;
    for (guint i = 0; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        if (!series->is_time && !call->filter.metric)
            continue;
        other = one;
        one = series;
        if (other)
            break;
    }
    if (!one)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: nothing there is what was asked for", call->archive->file);
    if (other)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: there are '%s' of %s (%s, %s) and '%s' of %s (%s, %s), expected one; --scenario, --line, "
                    "--variant and "
                    "--machine choose",
                    call->archive->file, other->metric, other->scenario, other->machine, other->variant, one->metric,
                    one->scenario, one->machine, one->variant);
    return other ? NULL : one;
}

static CpExit
run_plot(const Call *call, GError **error)
{
    const char *output = call->options->output, *terminal = terminal_for(output);
    if (!terminal) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--output %s: expected a name that ends in .svg or .png", output);
        return CP_EXIT_USAGE;
    }
    g_autoptr(GPtrArray) all = cp_archive_series(call->archive, &call->filter, TRUE, error);
    const CpSeries *series = all ? find_one(call, all, error) : NULL;
    g_autoptr(CpOutput) file = series ? cp_output_begin(output ? output : "-", error) : NULL;
    FILE *script = file ? cp_temporary_open(error) : NULL;
    if (!script)
        return CP_EXIT_FAILED;
    cp_plot_print(series, terminal, script);
    gboolean good = cp_gnuplot_run(script, cp_output_stream(file), error);
    fclose(script);
    return good && cp_output_commit(g_steal_pointer(&file), error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}

/* The actions, with the numbers of arguments that they take. */
static const struct {
    const char *name;
    CpExit (*run)(const Call *call, GError **error);
    guint min, max;
} actions[] = {
    { "add", run_add, 1, G_MAXUINT }, { "list", run_list, 0, 0 },         { "changes", run_changes, 0, 0 },
    { "plot", run_plot, 0, 0 },       { "annotate", run_annotate, 0, 1 }, { "export", run_export, 0, 1 },
};

/* Refuses an option that the action does not use. */
static gboolean
check_options(const CpOptions *options, const char *action, GError **error)
{
    const struct {
        gboolean given;
        const char *name, *actions;
    } rows[] = {
        { options->scenarios != NULL, "scenario", "list changes plot annotate export" },
        { options->variants != NULL, "variant", "list changes plot annotate export" },
        { options->line != NULL, "line", "changes plot annotate export" },
        { options->output != NULL, "output", "plot export" },
        { options->format != NULL, "format", "export" },
        { options->note != NULL, "note", "annotate" },
        { options->accept, "accept", "annotate" },
        { options->whole, "whole", "changes" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) users = g_strsplit(rows[i].actions, " ", -1);
        if (!rows[i].given || g_strv_contains((const char *const *)users, action))
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "history %s: does not use --%s", action, rows[i].name);
        return FALSE;
    }
    return TRUE;
}

CpExit
cp_verb_history(const CpOptions *options, char **arguments, GError **error)
{
    guint n = g_strv_length(arguments) - 1;
    gsize i = 0;
    while (i < G_N_ELEMENTS(actions) && !g_str_equal(actions[i].name, arguments[0]))
        i++;
    if (i == G_N_ELEMENTS(actions)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "history: unknown action '%s', expected add, list, changes, plot, annotate or export",
                    arguments[0]);
        return CP_EXIT_USAGE;
    }
    if (n < actions[i].min || n > actions[i].max) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "history %s: %s, but got %u", arguments[0],
                    actions[i].min > 0   ? "expected files with results"
                    : actions[i].max > 0 ? "expected at most one number of a result"
                                         : "expected no arguments",
                    n);
        return CP_EXIT_USAGE;
    }
    if (!check_options(options, arguments[0], error))
        return CP_EXIT_USAGE;
    g_autofree char *standard = cp_archive_default_file();
    g_autoptr(CpArchive) archive =
        cp_archive_open(options->db ? options->db : standard, actions[i].run == run_add, error);
    if (!archive)
        return CP_EXIT_USAGE;
    CpFilter filter = { options->scenarios, options->variants, options->machine, options->line };
    return actions[i].run(&(Call){ options, arguments + 1, filter, archive }, error);
}
