/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as a table for a terminal. */
#include "show/table.h"

#include "base/duration.h"
#include "base/text.h"
#include "measure/phases.h"
#include "show/costs.h"
#include "show/grid.h"
#include "show/lines.h"
#include "show/loads.h"
#include "show/settles.h"

/* The heads of the columns with figures. */
#define FIGURES                                                                                                        \
    "samples", "fresh", "stale", "torn", "failed", "hidden", "needed", "spurious", "emulators", "median",              \
        "95 % interval", "p90", "max", "CPU each", "peak", NULL

/* The environment can be of any shape. What is missing or of the wrong type is shown as "?" or 0. */
static const char *
get_text(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "?";
}

static gint64
get_integer(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
               ? json_node_get_int(node)
               : 0;
}

static JsonObject *
get_object(JsonObject *parent, const char *name)
{
    JsonNode *node = json_object_get_member(parent, name);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* What is the same for all variants. The caller owns it. */
static char *
describe_run(const CpResult *result)
{
    JsonNode *privileged = json_object_get_member(result->environment, "privileged");
    gboolean root = privileged && JSON_NODE_HOLDS_VALUE(privileged) && json_node_get_boolean(privileged);
    return g_strdup_printf("KVM %s, %s, seed %" G_GINT64_FORMAT, get_text(result->environment, "kvm"),
                           root ? "as root" : "rootless", result->seed);
}

/* `end` ends the second line. */
static void
print_tested(JsonObject *environment, const char *name, const char *end, FILE *out)
{
    JsonObject *libvirt = get_object(environment, "libvirt"), *emulator = get_object(environment, "emulator");
    const char *separator = *name ? ": " : "";

    if (*name && !libvirt) {
        cp_text_print_line(out, "%s: could not be examined", name);
        return;
    }
    /* Results of older versions do not say which of the two directories the operations changed: it was the emulator's. */
    const char *module_dir =
        get_text(json_object_has_member(environment, "module_dir") ? environment : emulator, "module_dir");
    gboolean has_tree = json_object_has_member(environment, "tree");
    cp_text_print_line(out, "%s%slibvirt %s (%s), %s%s%s", name, separator, get_text(libvirt, "version"),
                       get_text(environment, "target"), get_text(emulator, "version"), has_tree ? ", in the tree " : "",
                       has_tree ? get_text(environment, "tree") : "");
    cp_text_print_line(out, "%s%s%" G_GINT64_FORMAT " modules in %s%s", name, separator,
                       get_integer(emulator, "modules"), module_dir, end);
    const char *watched = get_text(libvirt, "module_dir"), *used = get_text(emulator, "module_dir");
    if (*watched && *used && !g_str_equal(watched, used))
        cp_text_print_line(out, "%s%slibvirt watches %s, but this emulator loads its modules from another directory",
                           name, separator, watched);
}

static void
print_host(JsonObject *environment, const char *name, FILE *out)
{
    JsonObject *host = get_object(environment, "host");
    cp_text_print_line(out, "%s%s%s, %s", name, *name ? ": " : "", get_text(host, "cpu"), get_text(host, "kernel"));
}

static void
print_environment(const CpResult *result, FILE *out)
{
    gboolean machines = FALSE;
    g_autofree char *run = describe_run(result), *end = g_strdup_printf(", %s", run);

    if (result->variants->len == 0)
        print_tested(result->environment, "", end, out);
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        print_tested(variant->environment, variant->name, "", out);
        machines |= variant->machine != NULL;
        if (variant->machine)
            print_host(variant->environment, variant->name, out);
    }
    if (result->variants->len > 0)
        cp_text_print_line(out, "%s", run);
    if (!machines)
        print_host(result->environment, "", out);
    fputs("\n", out);
}

static void
add_variant(CpGrid *grid, const CpScenarioResult *scenario)
{
    if (scenario->variant)
        cp_grid_add(grid, "%s", scenario->variant);
}

static void
add_latency(CpGrid *grid, gsize n, double ns)
{
    cp_grid_take(grid, n > 0 ? cp_duration_format(ns) : g_strdup("-"));
}

/* Adds the cells for the samples: their number, and what they say about latency. */
static void
add_interval(CpGrid *grid, const CpSummary *summary)
{
    if (summary->interval) {
        g_autofree char *low = cp_duration_format(summary->low), *high = cp_duration_format(summary->high);
        cp_grid_add(grid, "%s .. %s", low, high);
    } else {
        cp_grid_add(grid,
                    summary->n == 0                  ? "-"
                    : summary->n < CP_INTERVAL_MIN_N ? "n < %d"
                                                     : "rounds < %d",
                    CP_INTERVAL_MIN_N);
    }
}

static void
add_row(CpGrid *grid, const CpScenarioResult *scenario, gsize samples, const CpSummary *summary)
{
    const CpCounts *counts = &scenario->counts;
    cp_grid_add(grid, "%s", scenario->name);
    add_variant(grid, scenario);
    cp_grid_add(grid, "%zu", samples);
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_UNKNOWN; verdict++)
        cp_grid_add(grid, "%" G_GINT64_FORMAT, counts->reads[verdict]);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, counts->hidden);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, counts->refreshes[CP_REFRESH_NEEDED]);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, counts->refreshes[CP_REFRESH_SPURIOUS]);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, counts->emulators);
    add_latency(grid, summary->n, summary->median);
    add_interval(grid, summary);
    add_latency(grid, summary->n, summary->p90);
    add_latency(grid, summary->n, summary->max);
    add_latency(grid, counts->emulators, (double)counts->cpu_ns / counts->emulators);
    if (counts->emulators)
        cp_grid_add(grid, "%.1f MB", counts->max_rss_kb / 1000.0);
    else
        cp_grid_add(grid, "-");
}

/* Adds the row of one line of a scenario, which has several. */
static void
add_line(CpGrid *grid, const CpScenarioResult *scenario, const CpResultLine *line)
{
    CpSummary summary = cp_result_line_summarize(line);
    cp_grid_add(grid, "%s:%" G_GINT64_FORMAT "%s%s", scenario->name, line->line, line->label ? " " : "",
                line->label ? line->label : "");
    add_variant(grid, scenario);
    cp_grid_add(grid, "%zu", summary.n);
    for (int i = 0; i < 8; i++)
        cp_grid_add(grid, "%s", "");
    add_latency(grid, summary.n, summary.median);
    add_interval(grid, &summary);
    add_latency(grid, summary.n, summary.p90);
    add_latency(grid, summary.n, summary.max);
    cp_grid_add(grid, "%s", "");
    cp_grid_add(grid, "%s", "");
}

/* Adds the row of a scenario. If it measures in several lines, each has a row of its own below, since their latencies have
 * nothing to do with each other. */
static void
add_rows(CpGrid *grid, const CpScenarioResult *scenario)
{
    g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
    const CpResultLine *only = lines->len == 1 ? lines->pdata[0] : NULL;
    CpSummary summary = { 0 };
    if (only)
        summary = cp_result_line_summarize(only);
    gsize samples = 0;
    for (guint i = 0; i < lines->len; i++)
        samples += ((const CpResultLine *)lines->pdata[i])->samples_ns->len;
    add_row(grid, scenario, samples, &summary);
    for (guint i = 0; !only && i < lines->len; i++)
        add_line(grid, scenario, lines->pdata[i]);
}

static void
print_problem(const CpScenarioResult *scenario, const CpProblem *problem, FILE *out)
{
    g_autofree char *name = cp_shown_scenario(scenario), *differences = g_strjoinv("; ", problem->differences);
    cp_text_print_line(out, "%s, round %" G_GINT64_FORMAT ", line %" G_GINT64_FORMAT ": %s: %s", name, problem->round,
                       problem->line, problem->verdict, differences);
}

static void
print_problems(const CpScenarioResult *scenario, FILE *out)
{
    g_autofree char *name = cp_shown_scenario(scenario);
    if (*scenario->skipped) {
        fputs("\n", out);
        cp_text_print_line(out, "%s %s: %s", scenario->needs ? "skipped" : "not carried out to its end:", name,
                           scenario->skipped);
    }
    if (scenario->problems->len > 0)
        fputs("\n", out);
    for (guint i = 0; i < scenario->problems->len; i++)
        print_problem(scenario, scenario->problems->pdata[i], out);
    gint64 unknown = scenario->counts.reads[CP_VERDICT_UNKNOWN];
    if (unknown > 0)
        cp_text_print_line(out, "%s: reads without a verdict, because the truth is unknown: %" G_GINT64_FORMAT, name,
                           unknown);
    if (scenario->untestable > 0)
        cp_text_print_line(out,
                           "%s: rounds that do not count, because their timing did not come about: %" G_GINT64_FORMAT,
                           name, scenario->untestable);
}

static void
print_remarks(const CpResult *result, FILE *out)
{
    if (result->libvirt_ns > 0) {
        fputs("\n", out);
        cp_text_print_line(out, "harness overhead: the rounds took %.3f times as long as libvirt's calls in them",
                           (double)result->wall_ns / result->libvirt_ns);
    }
    for (char **difference = result->differences; *difference; difference++) {
        fputs("\n", out);
        cp_text_print_line(out, "%s", *difference);
    }
    for (char **note = result->notes; *note; note++) {
        if (note == result->notes)
            fputs("\n", out);
        cp_text_print_line(out, "%s", *note);
    }
    if (*result->reason && !g_str_equal(result->reason, result->error)) {
        fputs("\n", out);
        cp_text_print_line(out, "undecided: %s", result->reason);
    }
    if (*result->error) {
        fputs("\n", out);
        cp_text_print_line(out, "the run is not complete: %s", result->error);
    }
}

static void
print_profile(const CpResult *result, const char *variant, FILE *out)
{
    static const char *const heads[] = { "<where a cold refresh spends its time", "per refresh", "share", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    g_autoptr(CpPhases) phases = cp_phases_sum(result, variant);
    if (!phases)
        return;

    for (guint i = 0; i < phases->phases->len; i++) {
        const CpPhase *phase = &g_array_index(phases->phases, CpPhase, i);
        cp_grid_add(grid, "%s", phase->name);
        cp_grid_take(grid, cp_duration_format((double)phase->ns / phases->n));
        cp_grid_add(grid, "%.1f %%", 100.0 * phase->ns / phases->total_ns);
    }
    fputs("\n", out);
    cp_text_print_line(out, "Profile%s%s: mean of %u cold refreshes, in extra rounds with libvirt's debug log",
                       variant ? " of " : "", variant ? variant : "", phases->n);
    fputs("\n", out);
    cp_grid_print(grid, out);
}

void
cp_table_print(const CpResult *result, FILE *out)
{
    static const char *const heads[] = { "<scenario", FIGURES }, *const heads_of_variants[] = { "<scenario", "<variant",
                                                                                                FIGURES };
    g_autoptr(CpGrid) grid = cp_grid_new(result->variants->len > 0 ? heads_of_variants : heads);

    print_environment(result, out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (!scenario->needs)
            add_rows(grid, scenario);
    }
    cp_grid_print(grid, out);
    fputs("samples: measured reads that were fresh; all other counts include 'prime'\n", out);
    cp_costs_print(result, out);
    cp_settles_print(result, out);
    cp_loads_print(result, out);
    for (guint i = 0; i < result->scenarios->len; i++)
        print_problems(result->scenarios->pdata[i], out);
    print_remarks(result, out);
    if (result->variants->len == 0)
        print_profile(result, NULL, out);
    for (guint i = 0; i < result->variants->len; i++)
        print_profile(result, ((const CpResultVariant *)result->variants->pdata[i])->name, out);
}
