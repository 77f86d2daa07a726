/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time line of a watch, for a terminal. */
#include "show/timeline.h"

#include <string.h>

#include "base/duration.h"
#include "base/text.h"

/* How many facts of a difference and how many packages are shown of a row. */
#define SHOWN 4

#define SECONDS(ns) ((double)(ns) / CP_NS_PER_S)

/* Prints the text line by line: libvirt's errors have several. */
static void
print_text(const char *indent, const char *text, FILE *out)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line)
            cp_text_print_line(out, "%s%s%s", indent, line == lines ? "" : "  ", *line);
    }
}

static void
print_lines(char **lines, const char *indent, gboolean whole, FILE *out)
{
    guint n = lines ? g_strv_length(lines) : 0;
    guint shown = whole || n <= SHOWN + 1 ? n : SHOWN;
    for (guint i = 0; i < shown; i++)
        print_text(indent, lines[i], out);
    if (shown < n)
        cp_text_print_line(out, "%sand %u more", indent, n - shown);
}

static gboolean
is_of_interest(const char *package)
{
    return strstr(package, "qemu") || strstr(package, "libvirt");
}

/* Prints what was done with the packages of libvirt and QEMU, and how many others there were. */
static void
print_packages(const CpWatchedRow *row, gboolean whole, FILE *out)
{
    guint shown = 0;
    for (guint i = 0; i < row->packages->len; i++) {
        const char *package = row->packages->pdata[i];
        if (whole || (is_of_interest(package) && shown < SHOWN)) {
            cp_text_print_line(out, "                     %s", package);
            shown++;
        }
    }
    guint others = row->packages->len - shown;
    if (others)
        cp_text_print_line(out, "                     %u %spackage%s", others, shown ? "other " : "",
                           others > 1 ? "s" : "");
}

/* `before` is the row before it, or NULL. */
static void
print_row(const CpWatchedRow *row, const CpWatchedRow *before, gboolean whole, FILE *out)
{
    static const char indent[] = "                       ";
    print_packages(row, whole, out);
    if (row->restarted)
        fputs("                     libvirt is started again, as it is installed now\n", out);
    cp_text_print_line(out, "%7.1f .. %6.1f s   %s, %" G_GINT64_FORMAT " read%s%s", SECONDS(row->from_ns),
                       SECONDS(row->to_ns), cp_verdict_name(row->verdict), row->reads, row->reads > 1 ? "s" : "",
                       row->between ? ": the host was half changed" : "");
    print_lines(row->changes, indent, whole, out);
    gboolean again = before && before->wrong && row->wrong &&
                     g_strv_equal((const char *const *)before->wrong, (const char *const *)row->wrong);
    /* An answer that nobody can judge may be right all the same. */
    const char *head = row->verdict == CP_VERDICT_UNKNOWN ? "the truth right after it is another:" : "not true:";
    if (row->wrong)
        cp_text_print_line(out, "%s%s", indent, again ? "the difference from the truth is the same" : head);
    if (!again)
        print_lines(row->wrong, "                         ", whole, out);
}

static void
print_totals(const CpWatched *watched, FILE *out)
{
    static const struct {
        CpVerdict verdict;
        const char *what;
    } totals[] = {
        { CP_VERDICT_FRESH, "right" },
        { CP_VERDICT_STALE, "wrong, for it said what had been true (stale)" },
        { CP_VERDICT_TORN, "wrong, for it said what had never been true (torn)" },
        { CP_VERDICT_FAILED, "failed" },
        { CP_VERDICT_UNKNOWN, "unknown" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(totals); i++) {
        gint64 ns = watched->ns[totals[i].verdict];
        if (ns > 0)
            cp_text_print_line(out, "%7.1f s  %s", SECONDS(ns), totals[i].what);
        if (totals[i].verdict == CP_VERDICT_FRESH && watched->between_ns > 0)
            cp_text_print_line(out, "%7.1f s    of that about a host that was half changed",
                               SECONDS(watched->between_ns));
    }
}

void
cp_timeline_print(const CpWatched *watched, const CpJudgement *judgement, gboolean whole, FILE *out)
{
    g_autofree char *command = watched->command ? g_strjoinv(" ", watched->command) : NULL;
    if (command)
        cp_text_print_line(out, "%s", command);
    for (guint i = 0; i < watched->rows->len; i++)
        print_row(watched->rows->pdata[i], i > 0 ? watched->rows->pdata[i - 1] : NULL, whole, out);
    if (watched->rows->len > 0)
        fprintf(out, "\n");
    if (watched->ended)
        cp_text_print_line(out,
                           "the command ended with status %" G_GINT64_FORMAT
                           " after %.1f s; libvirt was asked %" G_GINT64_FORMAT " times and was",
                           watched->status, SECONDS(watched->ran_ns), watched->reads);
    print_totals(watched, out);
    for (char **line = judgement->differences; *line; line++)
        cp_text_print_line(out, "%s", *line);
    if (*judgement->error)
        cp_text_print_line(out, "not complete: %s", judgement->error);
    if (*judgement->reason)
        cp_text_print_line(out, "no conclusion: %s", judgement->reason);
}
