/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as OpenMetrics. */
#include "base/text.h"
#include "measure/environment-text.h"
#include "measure/outcome.h"
#include "show/formats.h"
#include "show/lines.h"

/* Prints `,NAME="VALUE"`, or without the comma if it is the first label. */
static void
print_label(const char *comma, const char *name, const char *value, FILE *out)
{
    g_autofree char *printable = cp_text_printable(value);
    g_autoptr(GString) quoted = g_string_new(printable);
    g_string_replace(quoted, "\\", "\\\\", 0);
    g_string_replace(quoted, "\"", "\\\"", 0);
    fprintf(out, "%s%s=\"%s\"", comma, name, quoted->str);
}

/* Prints the begin of a metric of a scenario, up to and without the '}'. */
static void
print_begin(const char *metric, const CpScenarioResult *scenario, FILE *out)
{
    fprintf(out, "%s{", metric);
    print_label("", "scenario", scenario->name, out);
    if (scenario->variant)
        print_label(",", "variant", scenario->variant, out);
}

/* Prints the begin of a metric of a line. */
static void
print_line(const char *metric, const CpShownLine *line, FILE *out)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, line->line);
    print_begin(metric, line->scenario, out);
    print_label(",", "line", number, out);
    print_label(",", "label", line->label, out);
}

static void
print_quantile(const CpShownLine *line, const char *quantile, double ns, FILE *out)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    print_line("capprobe_read_seconds", line, out);
    print_label(",", "quantile", quantile, out);
    fprintf(out, "} %s\n", g_ascii_formatd(seconds, sizeof(seconds), "%.9f", ns / 1e9));
}

static void
print_lines(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) lines = cp_shown_lines(result);
    fputs("# TYPE capprobe_read_seconds summary\n"
          "# UNIT capprobe_read_seconds seconds\n"
          "# HELP capprobe_read_seconds Time of the measured reads of a line that were fresh, by quantile.\n",
          out);
    for (guint i = 0; i < lines->len; i++) {
        const CpShownLine *line = lines->pdata[i];
        print_quantile(line, "0", line->summary.min, out);
        print_quantile(line, "0.5", line->summary.median, out);
        print_quantile(line, "0.9", line->summary.p90, out);
        print_quantile(line, "0.99", line->summary.p99, out);
        print_quantile(line, "1", line->summary.max, out);
        print_line("capprobe_read_seconds_count", line, out);
        fprintf(out, "} %zu\n", line->summary.n);
    }
}

static void
print_count(
    const char *metric, const CpScenarioResult *scenario, const char *label, const char *value, gint64 n, FILE *out)
{
    print_begin(metric, scenario, out);
    print_label(",", label, value, out);
    fprintf(out, "} %" G_GINT64_FORMAT "\n", n);
}

static void
print_counts(const CpResult *result, FILE *out)
{
    fputs("# TYPE capprobe_reads gauge\n"
          "# HELP capprobe_reads Number of reads of the run, by verdict.\n",
          out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++)
            print_count("capprobe_reads", scenario, "verdict", cp_verdict_name(verdict),
                        scenario->counts.reads[verdict], out);
    }
    fputs("# TYPE capprobe_refreshes gauge\n"
          "# HELP capprobe_refreshes Number of reads of the run for which libvirt started emulators, by whether it had "
          "to.\n",
          out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        for (CpRefresh refresh = CP_REFRESH_NEEDED; refresh < CP_REFRESH_LAST; refresh++)
            print_count("capprobe_refreshes", scenario, "refresh", cp_refresh_name(refresh),
                        scenario->counts.refreshes[refresh], out);
    }
}

static void
print_outcomes(const CpResult *result, FILE *out)
{
    fputs("# TYPE capprobe_outcome gauge\n"
          "# HELP capprobe_outcome 1 for the outcome that the scenario has.\n",
          out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autofree char *reason = NULL;
        CpOutcome found = cp_outcome_of_scenario(result, scenario, &reason);
        for (CpOutcome outcome = 0; outcome < CP_OUTCOME_LAST; outcome++)
            print_count("capprobe_outcome", scenario, "outcome", cp_outcome_name(outcome), outcome == found, out);
    }

    g_autofree char *reason = NULL;
    CpOutcome found = cp_outcome_of_run(result, &reason);
    fputs("# TYPE capprobe_run_outcome gauge\n"
          "# HELP capprobe_run_outcome 1 for the outcome that the run as a whole has.\n",
          out);
    for (CpOutcome outcome = 0; outcome < CP_OUTCOME_LAST; outcome++) {
        fputs("capprobe_run_outcome{", out);
        print_label("", "outcome", cp_outcome_name(outcome), out);
        fprintf(out, "} %d\n", outcome == found);
    }
}

static void
print_environment(JsonObject *environment, const char *variant, FILE *out)
{
    fputs("capprobe_environment{", out);
    print_label("", "libvirt", cp_environment_text(environment, "libvirt.version"), out);
    print_label(",", "emulator", cp_environment_text(environment, "emulator.version"), out);
    if (variant)
        print_label(",", "variant", variant, out);
    fputs("} 1\n", out);
}

void
cp_openmetrics_print(const CpResult *result, FILE *out)
{
    fputs("# TYPE capprobe_environment gauge\n"
          "# HELP capprobe_environment 1; its labels say what was tested.\n",
          out);
    if (result->variants->len == 0)
        print_environment(result->environment, NULL, out);
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        print_environment(variant->environment, variant->name, out);
    }
    print_outcomes(result, out);
    print_counts(result, out);
    print_lines(result, out);
    fputs("# EOF\n", out);
}
