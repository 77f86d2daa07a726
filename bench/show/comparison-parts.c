/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison: what text and Markdown have in common. */
#include <math.h>

#include "base/duration.h"
#include "show/comparison.h"
#include "show/costs.h"

const char *const cp_comparison_heads[] = {
    "<scenario", "A", "B", "shift", "95 % interval", "p (Holm)", "effect", "would have seen", "<verdict", NULL,
};

const char *const cp_comparison_cost_heads[] = {
    "<cost of a read", "<scenario", "A", "B", "shift", "95 % interval", "p (Holm)", "would have seen", "<verdict", NULL,
};

static char *
percent(double ratio)
{
    return g_strdup_printf("%+.1f %%", 100 * ratio);
}

static char *
name_of(const CpComparedLine *line)
{
    return g_strdup_printf("%s:%" G_GINT64_FORMAT "%s%s", line->scenario, line->line, line->label ? " " : "",
                           line->label ? line->label : "");
}

static char *
describe_interval(const CpComparedLine *line)
{
    if (!line->interval)
        return g_strdup("too few rounds");
    g_autofree char *low = percent(line->low), *high = percent(line->high);
    return g_strdup_printf("%s .. %s", low, high);
}

static char *
describe_verdict(const CpComparedLine *line)
{
    return g_strdup_printf("%s%s", cp_change_name(line->change),
                           line->second == CP_SECOND_CONFIRMED ? ", seen twice"
                           : line->second == CP_SECOND_REFUTED ? ", for a second run did not see it"
                                                               : "");
}

static char *
describe_p(const CpComparedLine *line)
{
    return line->p_holm < 0.0001 ? g_strdup("< 0.0001") : g_strdup_printf("%.4f", line->p_holm);
}

static char *
describe_visible(const CpComparedLine *line)
{
    return isinf(line->visible) ? g_strdup("nothing") : g_strdup_printf("%.1f %%", 100 * line->visible);
}

GStrv
cp_comparison_cells(const CpComparedLine *line)
{
    g_autofree char *ns = cp_duration_format(line->shift), *ratio = percent(line->ratio);
    char *cells[] = {
        name_of(line),
        cp_duration_format(line->a.median),
        cp_duration_format(line->b.median),
        g_strdup_printf("%s%s (%s)", line->shift > 0 ? "+" : "", ns, ratio),
        describe_interval(line),
        describe_p(line),
        g_strdup_printf("%+.2f", line->delta),
        describe_visible(line),
        describe_verdict(line),
        NULL,
    };
    return g_memdup2(cells, sizeof(cells));
}

/* --- costs --- */

static GStrv
cost_cells(const CpComparedLine *line, CpCost cost)
{
    static const char *const changes[] = { "unchanged", "less", "more", "inconclusive" };
    G_STATIC_ASSERT(G_N_ELEMENTS(changes) == CP_CHANGE_LAST);
    g_autofree char *shift = cp_cost_format(cost, line->shift), *ratio = percent(line->ratio);
    char *cells[] = {
        g_strdup(cp_cost_title(cost)),
        name_of(line),
        cp_cost_format(cost, line->a.median),
        cp_cost_format(cost, line->b.median),
        g_strdup_printf("%s%s (%s)", line->shift > 0 ? "+" : "", shift, ratio),
        describe_interval(line),
        describe_p(line),
        describe_visible(line),
        g_strdup(changes[line->change]),
        NULL,
    };
    return g_memdup2(cells, sizeof(cells));
}

GPtrArray *
cp_comparison_cost_rows(const CpComparison *comparison)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++) {
        for (guint i = 0; i < comparison->costs[cost]->len; i++) {
            const CpComparedLine *line = &g_array_index(comparison->costs[cost], CpComparedLine, i);
            if (line->a.median > 0 || line->b.median > 0)
                g_ptr_array_add(rows, cost_cells(line, cost));
        }
    }
    return rows;
}

/* --- the whole --- */

static char *
describe_overall(const CpComparison *comparison)
{
    switch (comparison->overall) {
    case CP_OVERALL_UNCHANGED:
        return g_strdup("unchanged");
    case CP_OVERALL_IMPROVED:
        return g_strdup("better");
    case CP_OVERALL_REGRESSED:
        return g_strdup("worse");
    case CP_OVERALL_INCONCLUSIVE:
        return g_strdup("cannot tell whether anything has changed");
    case CP_OVERALL_MACHINE:
        return g_strdup("all lines have moved alike, so the machine has changed, not what was tested");
    case CP_OVERALL_LAST:
        break;
    }
    g_assert_not_reached();
}

char *
cp_comparison_headline(const CpComparison *comparison)
{
    g_autofree char *overall = describe_overall(comparison);
    return g_strdup_printf("A: %s, B: %s, %s: %s", comparison->name_a, comparison->name_b,
                           comparison->paired ? "in one run, their rounds in turn" : "in two runs", overall);
}

/* --- remarks --- */

/* What counts are called in a sentence. */
static const struct {
    const char *what, *newly, *no_longer, *noun;
} words[] = {
    { "stale", "newly stale", "newly fresh: no longer stale", "stale reads" },
    { "torn", "newly torn", "newly fresh: no longer torn", "torn reads" },
    { "failed", "newly failed", "newly fresh: no longer failed", "failed reads" },
    { "hidden", "newly hidden: what libvirt keeps on disk is wrong", "no longer hidden", "hidden reads" },
    { "never", "newly never right after a change", "newly right in time", "changes that were never seen in time" },
    { "expectation", "an expectation does not hold any more", "an expectation holds now", "failed expectations" },
    { "fault", "newly an answer without an emulator", "no longer an answer without an emulator", "faults" },
    { "spurious", NULL, NULL, "spurious refreshes" },
    { "emulators", NULL, NULL, "emulators" },
};

static char *
describe_count(const CpComparedCount *count)
{
    g_autoptr(GString) text = g_string_new(count->scenario);
    if (count->line > 0)
        g_string_append_printf(text, ":%" G_GINT64_FORMAT, count->line);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!g_str_equal(words[i].what, count->what))
            continue;
        if (count->unsure)
            g_string_append_printf(text, ": %s of %s, and it is not known whether %s has them, too", words[i].noun,
                                   count->worse ? "B" : "A", count->worse ? "A" : "B");
        else if (words[i].newly && (count->worse ? count->a : count->b) == 0)
            g_string_append_printf(text, ": %s", count->worse ? words[i].newly : words[i].no_longer);
        else
            g_string_append_printf(text, ": %s %s", count->worse ? "more" : "fewer", words[i].noun);
    }
    g_string_append_printf(text,
                           " (A: %" G_GINT64_FORMAT " in %" G_GINT64_FORMAT " rounds, B: %" G_GINT64_FORMAT
                           " in %" G_GINT64_FORMAT ")",
                           count->a, count->rounds_a, count->b, count->rounds_b);
    if (count->second == CP_SECOND_CONFIRMED)
        g_string_append(text, ", seen twice");
    if (count->second == CP_SECOND_REFUTED)
        g_string_append(text, "; does not count, for a second run did not see it");
    return g_strdup(text->str);
}

static void
add_warm_up(GStrvBuilder *remarks, const CpComparedLine *line, const CpComparedSide *side, const char *name)
{
    if (side->warm_up == 0)
        return;
    g_autofree char *of = name_of(line);
    g_autofree char *text = g_strdup_printf("warm-up: %s: the first rounds of %s were far slower than the others: %zu",
                                            of, name, side->warm_up);
    g_strv_builder_add(remarks, text);
}

static void
add_cpu(GStrvBuilder *remarks, const CpComparedCpu *cpu)
{
    g_autofree char *libvirt_a = cp_duration_format(cpu->libvirt_a), *libvirt_b = cp_duration_format(cpu->libvirt_b),
                    *emulators_a = cp_duration_format(cpu->emulators_a),
                    *emulators_b = cp_duration_format(cpu->emulators_b);
    g_autofree char *text = g_strdup_printf("CPU time per round: %s: libvirt %s and %s, emulators %s and %s",
                                            cpu->scenario, libvirt_a, libvirt_b, emulators_a, emulators_b);
    g_strv_builder_add(remarks, text);
}

static void
add_uncounted(GStrvBuilder *remarks, const CpResult *result)
{
    g_autofree char *text = cp_cost_describe_uncounted(result);
    if (text)
        g_strv_builder_add(remarks, text);
}

/* Says how many rounds would do for what could not be decided. */
static void
add_needed(GStrvBuilder *remarks, const CpComparison *comparison)
{
    gsize most = 0;
    double matters = comparison->rule.threshold > 0 ? comparison->rule.threshold : comparison->rule.margin;
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (line->change == CP_CHANGE_INCONCLUSIVE)
            most = MAX(most, line->rounds_needed);
    }
    if (most == 0)
        return;
    g_autofree char *text =
        g_strdup_printf("to see a change of %.1f %% in every line, about %zu rounds would do", 100 * matters, most);
    g_strv_builder_add(remarks, text);
}

GStrv
cp_comparison_findings(const CpComparison *comparison)
{
    g_autoptr(GStrvBuilder) findings = g_strv_builder_new();
    for (guint i = 0; i < comparison->counts->len; i++) {
        g_autofree char *text = describe_count(&g_array_index(comparison->counts, CpComparedCount, i));
        g_strv_builder_add(findings, text);
    }
    return g_strv_builder_end(findings);
}

GStrv
cp_comparison_remarks(const CpComparison *comparison)
{
    g_autoptr(GStrvBuilder) remarks = g_strv_builder_new();
    for (guint i = 0; i < comparison->notes->len; i++)
        g_strv_builder_add(remarks, comparison->notes->pdata[i]);
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        add_warm_up(remarks, line, &line->a, comparison->name_a);
        add_warm_up(remarks, line, &line->b, comparison->name_b);
    }
    add_needed(remarks, comparison);
    add_uncounted(remarks, comparison->a.result);
    if (comparison->b.result != comparison->a.result)
        add_uncounted(remarks, comparison->b.result);
    for (guint i = 0; i < comparison->cpu->len; i++)
        add_cpu(remarks, &g_array_index(comparison->cpu, CpComparedCpu, i));
    return g_strv_builder_end(remarks);
}
