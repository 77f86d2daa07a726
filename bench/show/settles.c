/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles as text: how long it took until libvirt's answer was right. */
#include "show/settles.h"

#include "base/duration.h"
#include "base/text.h"

static void
add_part(GPtrArray *parts, gint64 count, gint64 all, char *text)
{
    if (count > 0)
        g_ptr_array_add(parts,
                        count == all && all == 1
                            ? g_strdup(text)
                            : g_strdup_printf("%s (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ")", text, count, all));
    g_free(text);
}

/* Says how long the settles that became right took. The caller owns the text. */
static char *
describe_right(const CpSettleLine *line)
{
    CpSummary summary = cp_summarize((const gint64 *)line->right_ns->data, line->right_ns->len);
    g_autofree char *median = cp_duration_format(summary.median), *max = cp_duration_format(summary.max);
    return summary.n > 1 ? g_strdup_printf("right after %s, at most %s", median, max)
                         : g_strdup_printf("right after %s", median);
}

char *
cp_settle_line_describe(const CpSettleLine *line)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *limit = cp_duration_format(line->limit_ns);
    gint64 all = 0;
    for (CpSettled i = 0; i < CP_SETTLED_LAST; i++)
        all += line->count[i];
    add_part(parts, line->count[CP_SETTLED_RIGHT], all, describe_right(line));
    add_part(parts, line->count[CP_SETTLED_NEVER], all, g_strdup_printf("never within %s", limit));
    add_part(parts, line->count[CP_SETTLED_UNKNOWN], all, g_strdup("not known"));
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("; ", (char **)parts->pdata);
}

static void
print_line(const CpScenarioResult *scenario, const CpSettleLine *line, FILE *out)
{
    g_autofree char *text = cp_settle_line_describe(line);
    cp_text_print_line(out, "%s:%" G_GINT64_FORMAT "%s%s: %s", scenario->name, line->line, line->label ? " " : "",
                       line->label ? line->label : "", text);
}

void
cp_settles_print(const CpResult *result, FILE *out)
{
    const char *before = "\nhow long after a change the answer was right:\n";
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autoptr(GPtrArray) lines = cp_settles_lines(scenario);
        for (guint l = 0; l < lines->len; l++) {
            fputs(before, out);
            before = "";
            print_line(scenario, lines->pdata[l], out);
        }
    }
}

char *
cp_settle_describe(const CpFinding *finding)
{
    const CpSettle *settle = &finding->settle;
    g_autofree char *limit = cp_duration_format(finding->event->limit_ns), *ns = cp_duration_format(settle->ns);
    g_autofree char *what = settle->settled == CP_SETTLED_RIGHT   ? g_strdup_printf("right after %s", ns)
                            : settle->settled == CP_SETTLED_NEVER ? g_strdup_printf("never within %s", limit)
                                                                  : g_strdup("not known");
    return g_strdup_printf("%s; reads: %" G_GINT64_FORMAT ", stale: %" G_GINT64_FORMAT, what, settle->reads,
                           settle->stale);
}
