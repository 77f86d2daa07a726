/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as Markdown, for a comment on a merge request. */
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "measure/environment-text.h"
#include "show/cases.h"
#include "show/formats.h"
#include "show/lines.h"

/* How many problems of a scenario are listed. */
#define SHOWN 10

/*
 * Prints `text` as code, in which nothing has a meaning: no markup, no HTML, no @NAME or #NUMBER. The fence is longer than
 * any run of backticks in the text. `in_table`: in the cell of a table a '|' needs a backslash, also in code.
 */
static void
print_code(const char *text, gboolean in_table, FILE *out)
{
    g_autofree char *printable = cp_text_printable(text);
    g_autoptr(GString) code = g_string_new(printable);
    gsize longest = 0;
    for (const char *at = printable; *at; at++) {
        gsize run = strspn(at, "`");
        longest = MAX(longest, run);
        at += run > 0 ? run - 1 : 0;
    }
    if (in_table)
        g_string_replace(code, "|", "\\|", 0);
    g_autofree char *fence = g_strnfill(longest + 1, '`');
    fprintf(out, "%s %s %s", fence, *printable ? code->str : "?", fence);
}

static void
print_head(const CpResult *result, FILE *out)
{
    g_autofree char *reason = NULL;
    CpOutcome outcome = cp_outcome_of_run(result, &reason);
    fprintf(out, "### capprobe: %s\n\n", cp_outcome_sentence(outcome));
    if (*reason) {
        print_code(reason, FALSE, out);
        fputs("\n\n", out);
    }
}

static void
print_environment(JsonObject *environment, const char *variant, FILE *out)
{
    const char *separator = "";
    const char *parts[] = { cp_environment_text(environment, "libvirt.version"),
                            cp_environment_text(environment, "emulator.version") };
    fputs("* ", out);
    if (variant)
        fprintf(out, "`%s`: ", variant);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        fprintf(out, "%s%s ", separator, i == 0 ? "libvirt" : "emulator");
        print_code(parts[i], FALSE, out);
        separator = ", ";
    }
    fputs("\n", out);
}

static void
print_cases(const GPtrArray *cases, FILE *out)
{
    fputs("\n| scenario | outcome | why |\n|---|---|---|\n", out);
    for (guint i = 0; i < cases->len; i++) {
        const CpCase *it = cases->pdata[i];
        fputs("| ", out);
        print_code(it->name, TRUE, out);
        fprintf(out, it->outcome == CP_OUTCOME_PASSED ? " | %s | " : " | **%s** | ", cp_outcome_name(it->outcome));
        if (*it->reason)
            print_code(it->reason, TRUE, out);
        fputs(" |\n", out);
    }
}

static void
print_lines(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) lines = cp_shown_lines(result);
    if (lines->len == 0)
        return;
    fputs("\n| line | samples | median | 95 % interval | p90 | max |\n|---|--:|--:|--:|--:|--:|\n", out);
    for (guint i = 0; i < lines->len; i++) {
        const CpShownLine *line = lines->pdata[i];
        const CpSummary *summary = &line->summary;
        g_autofree char *median = cp_duration_format(summary->median), *p90 = cp_duration_format(summary->p90),
                        *max = cp_duration_format(summary->max), *low = cp_duration_format(summary->low),
                        *high = cp_duration_format(summary->high);
        g_autofree char *interval = summary->interval ? g_strdup_printf("%s .. %s", low, high) : g_strdup("-");
        fputs("| ", out);
        print_code(line->name, TRUE, out);
        fprintf(out, " | %zu | %s | %s | %s | %s |\n", summary->n, median, interval, p90, max);
    }
}

static void
print_problems(const GPtrArray *cases, FILE *out)
{
    for (guint i = 0; i < cases->len; i++) {
        const CpCase *it = cases->pdata[i];
        guint n = g_strv_length(it->details);
        if (n == 0)
            continue;
        fputs("\n<details><summary>problems</summary>\n\n", out);
        print_code(it->name, FALSE, out);
        fputs("\n\n", out);
        for (guint l = 0; l < MIN(n, SHOWN); l++) {
            fputs("* ", out);
            print_code(it->details[l], FALSE, out);
            fputs("\n", out);
        }
        if (n > SHOWN)
            fprintf(out, "* and %u more\n", n - SHOWN);
        fputs("\n</details>\n", out);
    }
}

void
cp_markdown_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) cases = cp_cases(result);
    print_head(result, out);
    if (result->variants->len == 0)
        print_environment(result->environment, NULL, out);
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        print_environment(variant->environment, variant->name, out);
    }
    print_cases(cases, out);
    print_lines(result, out);
    print_problems(cases, out);
}
