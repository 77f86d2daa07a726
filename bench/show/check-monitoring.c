/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a check of a live host found, for monitoring systems. */
#include <string.h>

#include "base/text.h"
#include "show/check.h"

/* --- monitoring plugins --- */

static gboolean
is_bad(const CpCheckFinding *finding)
{
    return finding->verdict != CP_CHECK_FRESH;
}

/* Returns what is wrong, in one line. A '|' would begin the figures. */
static char *
summarize(const CpCheckReport *report)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < report->findings->len; i++) {
        const CpCheckFinding *finding = report->findings->pdata[i];
        if (is_bad(finding))
            g_string_append_printf(text, "%s%s (%s) is %s", text->len > 0 ? "; " : "", finding->emulator, finding->arch,
                                   cp_check_verdict_name(finding->verdict));
        if (is_bad(finding) && finding->cure)
            g_string_append_printf(text, ", cure: %s", finding->cure);
    }
    if (report->problem)
        g_string_append(text, report->problem);
    if (text->len == 0)
        g_string_append_printf(text, "%u fresh", report->findings->len);
    g_autofree char *line = cp_text_printable(text->str);
    return g_strdelimit(g_steal_pointer(&line), "|", '/');
}

void
cp_check_print_nagios(const CpCheckReport *report, CpExit exit, FILE *out)
{
    static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
    g_autofree char *summary = summarize(report);
    guint stale = cp_check_count(report, CP_CHECK_STALE) + cp_check_count(report, CP_CHECK_FAILED);
    fprintf(out, "CAPPROBE %s: %s | 'emulators'=%u;;;0 'stale'=%u;;0;0 'hidden'=%u;;;0 'unknown'=%u;;;0\n",
            words[cp_exit_translate(CP_EXIT_STYLE_NAGIOS, exit)], summary, report->findings->len, stale,
            cp_check_count(report, CP_CHECK_HIDDEN), cp_check_count(report, CP_CHECK_UNKNOWN));
}

/* --- Prometheus --- */

/* Prints the value of a label, with what would end it escaped. */
static void
print_label(const char *value, FILE *out)
{
    for (; *value; value++) {
        if (*value == '\n')
            fputs("\\n", out);
        else if (*value == '"' || *value == '\\')
            fprintf(out, "\\%c", *value);
        else
            fputc(*value, out);
    }
}

/* Prints a metric that is 1 for each emulator with this verdict, and 0 for the others. */
static void
print_verdict(const CpCheckReport *report, CpCheckVerdict verdict, const char *help, FILE *out)
{
    const char *name = cp_check_verdict_name(verdict);
    if (report->findings->len > 0)
        fprintf(out, "# HELP capprobe_check_%s %s\n# TYPE capprobe_check_%s gauge\n", name, help, name);
    for (guint i = 0; i < report->findings->len; i++) {
        const CpCheckFinding *finding = report->findings->pdata[i];
        fprintf(out, "capprobe_check_%s{emulator=\"", name);
        print_label(finding->emulator, out);
        fputs("\",arch=\"", out);
        print_label(finding->arch, out);
        fprintf(out, "\"} %d\n", finding->verdict == verdict);
    }
}

void
cp_check_print_prometheus(const CpCheckReport *report, FILE *out)
{
    fprintf(out,
            "# HELP capprobe_check_possible Whether the host could be checked.\n"
            "# TYPE capprobe_check_possible gauge\n"
            "capprobe_check_possible %d\n",
            !report->problem);
    print_verdict(report, CP_CHECK_STALE, "Whether libvirt says something else than a fresh probe.", out);
    print_verdict(report, CP_CHECK_FAILED, "Whether libvirt fails although a fresh probe succeeds.", out);
    print_verdict(report, CP_CHECK_HIDDEN, "Whether only what libvirt keeps on disk differs.", out);
    print_verdict(report, CP_CHECK_UNKNOWN, "Whether that could not be told.", out);
}
