/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found out about known defects, as text and JUnit. */
#include "show/repro.h"

#include "base/duration.h"
#include "base/text.h"
#include "show/grid.h"
#include "show/junit-cases.h"

#define PROOF_LINES 60

static const char *
shown_by(const CpRepro *repro)
{
    return repro->by_input ? repro->bug->target : "scenario";
}

static void
print_host(const CpRepros *repros, FILE *out)
{
    gboolean other = repros->fuzz && g_strcmp0(repros->fuzz, repros->libvirt) != 0;
    if (repros->libvirt)
        cp_text_print_line(out, "libvirt %s%s%s", repros->libvirt, repros->qemu ? ", QEMU " : "",
                           repros->qemu ? repros->qemu : "");
    if (other)
        cp_text_print_line(out, "the fuzz targets have the code of libvirt %s", repros->fuzz);
    if (repros->libvirt || other)
        fputs("\n", out);
}

/* Adds the cells that all tables begin with. */
static void
add_bug(CpGrid *grid, const CpRepro *repro)
{
    cp_grid_add(grid, "%s", repro->bug->id);
    cp_grid_add(grid, "%s", repro->bug->kind);
    cp_grid_add(grid, "%s", shown_by(repro));
}

void
cp_repros_print_list(const CpRepros *repros, FILE *out)
{
    static const char *const heads[] = { "<defect", "<kind", "<shown by", "since", "fixed", "<here", "<symptom", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    print_host(repros, out);
    for (guint i = 0; i < repros->repros->len; i++) {
        const CpRepro *repro = repros->repros->pdata[i];
        add_bug(grid, repro);
        cp_grid_add(grid, "%s", repro->bug->since);
        cp_grid_add(grid, "%s", repro->bug->fixed ? repro->bug->fixed : "no");
        cp_grid_add(grid, "%s", cp_bug_forecast_name(repro->forecast));
        cp_grid_add(grid, "%s", repro->bug->symptom);
    }
    cp_grid_print(grid, out);
    fputs("\nhere: what is known of this libvirt, before anything is tried\n", out);
}

/* Returns how often the defect showed, such as "3/3"; "-" if it was never tried. The caller owns it. */
static char *
ratio(const CpRepro *repro)
{
    return repro->runs == 0 ? g_strdup("-")
                            : g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, repro->hits, repro->runs);
}

void
cp_repros_print_table(const CpRepros *repros, FILE *out)
{
    static const char *const heads[] = { "<defect", "<kind", "<shown by", "<here", "<outcome",
                                         "shown",   "time",  "<reason",   NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    guint shown = 0, gone = 0;
    print_host(repros, out);
    for (guint i = 0; i < repros->repros->len; i++) {
        const CpRepro *repro = repros->repros->pdata[i];
        CpExit exit = cp_repro_exit(repro);
        shown += exit == CP_EXIT_BAD;
        gone += exit == CP_EXIT_WELL;
        add_bug(grid, repro);
        cp_grid_add(grid, "%s", cp_bug_forecast_name(repro->forecast));
        cp_grid_add(grid, "%s", cp_repro_outcome(repro));
        cp_grid_take(grid, ratio(repro));
        cp_grid_take(grid, cp_duration_format(repro->wall_ns));
        cp_grid_add(grid, "%s", exit != CP_EXIT_BAD && repro->reason ? repro->reason : "");
    }
    cp_grid_print(grid, out);
    fputs("\n", out);
    cp_text_print_line(out, "%u reproduced, %u not reproduced, %u without an outcome", shown, gone,
                       repros->repros->len - shown - gone);
}

/* Prints the begin of a proof: the report of a sanitizer can be long. */
static void
print_proof(const char *proof, FILE *out)
{
    g_autofree char *text = g_strchomp(g_strdup(proof));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines);
    for (guint i = 0; i < MIN(n, PROOF_LINES); i++)
        cp_text_print_line(out, "%s", lines[i]);
    if (n > PROOF_LINES)
        cp_text_print_line(out, "  and %u more lines, which --format json shows", n - PROOF_LINES);
}

void
cp_repros_print_one(const CpRepros *repros, FILE *out)
{
    const CpRepro *repro = repros->repros->pdata[0];
    g_autofree char *shown = ratio(repro);
    print_host(repros, out);
    cp_text_print_line(out, "%s: %s", repro->bug->id, repro->bug->symptom);
    cp_text_print_line(out, "  what is known of this libvirt: %s", cp_bug_forecast_name(repro->forecast));
    print_proof(repro->proof->str, out);
    if (cp_repro_exit(repro) != CP_EXIT_BAD && repro->reason)
        cp_text_print_line(out, "  %s", repro->reason);
    cp_text_print_line(out, "%s %s", cp_repro_outcome(repro), shown);
}

void
cp_repros_print_junit(const CpRepros *repros, FILE *out)
{
    guint n = repros->repros->len;
    g_autofree CpJunitCase *cases = g_new0(CpJunitCase, n);
    g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
    gint64 wall_ns = 0;
    for (guint i = 0; i < n; i++) {
        const CpRepro *repro = repros->repros->pdata[i];
        wall_ns += repro->wall_ns;
        CpExit exit = cp_repro_exit(repro);
        g_autofree char *shown = ratio(repro);
        char *message = exit == CP_EXIT_BAD ? g_strdup_printf("reproduced %s: %s", shown, repro->bug->symptom)
                        : repro->reason     ? g_strdup(repro->reason)
                                            : g_strdup(cp_repro_outcome(repro));
        g_ptr_array_add(messages, message);
        cases[i] = (CpJunitCase){
            .group = repro->bug->kind,
            .name = repro->bug->id,
            .outcome = exit == CP_EXIT_WELL         ? CP_JUNIT_PASSED
                       : exit == CP_EXIT_BAD        ? CP_JUNIT_FAILED
                       : exit == CP_EXIT_UNTESTABLE ? CP_JUNIT_SKIPPED
                                                    : CP_JUNIT_ERROR,
            .wall_ns = repro->wall_ns,
            .message = message,
            .text = repro->proof->str,
        };
    }
    cp_junit_print_cases("capprobe repro", cases, n, wall_ns, out);
}
