/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons: what differs between two things that were tested. */
#include "measure/comparison.h"

#include <math.h>
#include <stdlib.h>

#include "measure/comparison-parts.h"

#define LINES_OF_MACHINE 3 /* fewer do not show that all have moved alike */

static const char *const change_names[] = { "unchanged", "faster", "slower", "inconclusive" };
G_STATIC_ASSERT(G_N_ELEMENTS(change_names) == CP_CHANGE_LAST);

static const char *const overall_names[] = { "unchanged", "improved", "regressed", "inconclusive", "machine" };
G_STATIC_ASSERT(G_N_ELEMENTS(overall_names) == CP_OVERALL_LAST);

static const char *const second_names[] = { "none", "confirmed", "refuted" };
G_STATIC_ASSERT(G_N_ELEMENTS(second_names) == CP_SECOND_LAST);

const char *
cp_change_name(CpChange change)
{
    return change_names[change];
}

const char *
cp_overall_name(CpOverall overall)
{
    return overall_names[overall];
}

const char *
cp_second_name(CpSecond second)
{
    return second_names[second];
}

const CpScenarioResult *
cp_compared_scenario(CpCompared side, const char *name)
{
    for (guint i = 0; i < side.result->scenarios->len; i++) {
        const CpScenarioResult *scenario = side.result->scenarios->pdata[i];
        if (g_str_equal(scenario->name, name) && g_strcmp0(scenario->variant, side.variant) == 0)
            return scenario->rounds > 0 ? scenario : NULL;
    }
    return NULL;
}

/* Returns the variant of one side; NULL if it is the only one. */
static const CpResultVariant *
find_variant(CpCompared side)
{
    for (guint i = 0; i < side.result->variants->len; i++) {
        const CpResultVariant *variant = side.result->variants->pdata[i];
        if (g_strcmp0(variant->name, side.variant) == 0)
            return variant;
    }
    return NULL;
}

JsonObject *
cp_compared_environment(CpCompared side)
{
    const CpResultVariant *variant = find_variant(side);
    return variant ? variant->environment : side.result->environment;
}

/* Whether the rounds of both sides were run in turn. Those of several machines, whose results were merged, were not. */
static gboolean
are_paired(CpCompared a, CpCompared b)
{
    const CpResultVariant *of_a = find_variant(a), *of_b = find_variant(b);
    return a.result == b.result && (!of_a || !of_b || g_strcmp0(of_a->machine, of_b->machine) == 0);
}

static void
set_names(CpComparison *comparison)
{
    CpCompared a = comparison->a, b = comparison->b;
    gboolean variants = a.variant && b.variant && !g_str_equal(a.variant, b.variant);
    comparison->name_a = variants ? g_strdup(a.variant) : cp_compared_text(a, "libvirt", "version");
    comparison->name_b = variants ? g_strdup(b.variant) : cp_compared_text(b, "libvirt", "version");
    if (*comparison->name_a && *comparison->name_b && !g_str_equal(comparison->name_a, comparison->name_b))
        return;
    g_free(comparison->name_a);
    g_free(comparison->name_b);
    comparison->name_a = g_strdup("A");
    comparison->name_b = g_strdup("B");
}

static void
add_cpu(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b)
{
    CpComparedCpu cpu = { a->name, (double)a->counts.libvirt_cpu_ns / a->rounds,
                          (double)b->counts.libvirt_cpu_ns / b->rounds, (double)a->counts.cpu_ns / a->rounds,
                          (double)b->counts.cpu_ns / b->rounds };
    g_array_append_val(comparison->cpu, cpu);
}

/* Notes the scenarios that `side` was to carry out and the other side has not. Those of which both lack something that they
 * need are not missing. */
static void
note_missing(CpComparison *comparison, CpCompared side, CpCompared other, const char *name_of_other)
{
    for (guint i = 0; i < side.result->scenarios->len; i++) {
        const CpScenarioResult *scenario = side.result->scenarios->pdata[i];
        if (g_strcmp0(scenario->variant, side.variant) != 0 || !cp_compared_scenario(side, scenario->name) ||
            cp_compared_scenario(other, scenario->name))
            continue;
        comparison->complete = FALSE;
        g_ptr_array_add(comparison->notes,
                        g_strdup_printf("%s: %s has no complete round of it", scenario->name, name_of_other));
    }
}

/* Notes reads of which nobody knows whether they were wrong: those of one side may be what is new. */
static void
note_unknown(CpComparison *comparison, const CpScenarioResult *scenario, const char *name)
{
    gint64 unknown = scenario->counts.reads[CP_VERDICT_UNKNOWN];
    if (unknown == 0)
        return;
    comparison->complete = FALSE;
    g_ptr_array_add(comparison->notes, g_strdup_printf("%s: reads of %s without a verdict: %" G_GINT64_FORMAT,
                                                       scenario->name, name, unknown));
}

static void
note_end(CpComparison *comparison, CpCompared side, const char *name)
{
    if (side.result->status == 0)
        return;
    comparison->complete = FALSE;
    g_ptr_array_add(comparison->notes, g_strdup_printf("the run of %s is not complete: %s", name, side.result->error));
}

/* --- the whole --- */

static int
compare_ratios(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Whether all lines of two runs have moved in the same direction and about as far. In one run the rounds of both sides take
 * turns, so that the machine cannot do this. */
static gboolean
moved_alike(const CpComparison *comparison)
{
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(double));
    if (comparison->paired || comparison->lines->len < LINES_OF_MACHINE)
        return FALSE;
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (!line->interval || line->p >= comparison->rule.alpha)
            return FALSE;
        g_array_append_val(ratios, line->ratio);
    }
    g_array_sort(ratios, compare_ratios);
    double middle = g_array_index(ratios, double, ratios->len / 2);
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        double near = MAX(fabs(middle) / 2, (line->high - line->low) / 2);
        if ((line->ratio > 0) != (middle > 0) || fabs(line->ratio - middle) > near)
            return FALSE;
    }
    return TRUE;
}

static void
decide(CpComparison *comparison)
{
    gboolean worse = FALSE, wrong = FALSE, better = FALSE, open = !comparison->complete;
    for (guint i = 0; i < comparison->counts->len; i++) {
        const CpComparedCount *count = &g_array_index(comparison->counts, CpComparedCount, i);
        wrong |= count->worse && !count->unsure && count->second != CP_SECOND_REFUTED;
        better |= !count->worse && !count->unsure && count->second != CP_SECOND_REFUTED;
    }
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        worse |= line->change == CP_CHANGE_SLOWER;
        better |= line->change == CP_CHANGE_FASTER;
        open |= line->change == CP_CHANGE_INCONCLUSIVE;
    }
    open |= comparison->lines->len == 0 && comparison->counts->len == 0;
    comparison->overall = wrong                     ? CP_OVERALL_REGRESSED
                          : moved_alike(comparison) ? CP_OVERALL_MACHINE
                          : worse                   ? CP_OVERALL_REGRESSED
                          : open                    ? CP_OVERALL_INCONCLUSIVE
                          : better                  ? CP_OVERALL_IMPROVED
                                                    : CP_OVERALL_UNCHANGED;
}

static void
clear_count(gpointer count)
{
    g_free(((CpComparedCount *)count)->what);
}

CpComparison *
cp_comparison_new(CpCompared a, CpCompared b, CpComparisonRule rule, guint allowed, GError **error)
{
    g_autoptr(CpComparison) comparison = g_new0(CpComparison, 1);
    comparison->a = a;
    comparison->b = b;
    comparison->rule = rule;
    comparison->paired = are_paired(a, b);
    comparison->complete = TRUE;
    comparison->lines = g_array_new(FALSE, FALSE, sizeof(CpComparedLine));
    comparison->counts = g_array_new(FALSE, FALSE, sizeof(CpComparedCount));
    g_array_set_clear_func(comparison->counts, clear_count);
    comparison->cpu = g_array_new(FALSE, FALSE, sizeof(CpComparedCpu));
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++)
        comparison->costs[cost] = g_array_new(FALSE, FALSE, sizeof(CpComparedLine));
    comparison->notes = g_ptr_array_new_with_free_func(g_free);
    set_names(comparison);
    if (!cp_comparison_check_same(comparison, allowed, error))
        return NULL;

    note_end(comparison, a, comparison->name_a);
    if (!comparison->paired)
        note_end(comparison, b, comparison->name_b);
    note_missing(comparison, a, b, comparison->name_b);
    note_missing(comparison, b, a, comparison->name_a);
    for (guint i = 0; i < a.result->scenarios->len; i++) {
        const char *name = ((const CpScenarioResult *)a.result->scenarios->pdata[i])->name;
        const CpScenarioResult *of_a = cp_compared_scenario(a, name), *of_b = cp_compared_scenario(b, name);
        if (of_a != a.result->scenarios->pdata[i] || !of_b)
            continue;
        note_unknown(comparison, of_a, comparison->name_a);
        note_unknown(comparison, of_b, comparison->name_b);
        cp_comparison_add_lines(comparison, of_a, of_b);
        cp_comparison_add_counts(comparison, of_a, of_b);
        add_cpu(comparison, of_a, of_b);
    }
    cp_comparison_decide_lines(comparison);
    decide(comparison);
    return g_steal_pointer(&comparison);
}

void
cp_comparison_free(CpComparison *comparison)
{
    if (!comparison)
        return;
    g_free(comparison->name_a);
    g_free(comparison->name_b);
    g_array_unref(comparison->lines);
    g_array_unref(comparison->counts);
    g_array_unref(comparison->cpu);
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++)
        g_array_unref(comparison->costs[cost]);
    g_ptr_array_unref(comparison->notes);
    g_free(comparison);
}

/* --- the noise floor, and a second run --- */

static CpComparedLine *
find_line(const CpComparison *comparison, const char *scenario, gint64 number)
{
    for (guint i = 0; i < comparison->lines->len; i++) {
        CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (line->line == number && g_str_equal(line->scenario, scenario))
            return line;
    }
    return NULL;
}

void
cp_comparison_set_floor(CpComparison *comparison, const char *scenario, gint64 number, double floor)
{
    CpComparedLine *line = find_line(comparison, scenario, number);
    if (!line)
        return;
    line->floor = floor;
    cp_comparison_decide_lines(comparison);
    decide(comparison);
}

gboolean
cp_comparison_alarms(const CpComparison *comparison, const char *scenario)
{
    for (guint i = 0; i < comparison->counts->len; i++) {
        const CpComparedCount *count = &g_array_index(comparison->counts, CpComparedCount, i);
        if (count->worse && !count->unsure && (!scenario || g_str_equal(scenario, count->scenario)))
            return TRUE;
    }
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (line->change == CP_CHANGE_SLOWER && (!scenario || g_str_equal(scenario, line->scenario)))
            return TRUE;
    }
    return FALSE;
}

/* A count that `second` has as well is confirmed. Otherwise a wrong read, which is wrong whatever comes after it, is
 * refuted only if the base is as wrong in the second run. */
static CpSecond
confirm_count(const CpComparison *second, const CpComparedCount *count)
{
    for (guint i = 0; i < second->counts->len; i++) {
        const CpComparedCount *other = &g_array_index(second->counts, CpComparedCount, i);
        if (other->worse == count->worse && other->line == count->line && g_str_equal(other->what, count->what) &&
            g_str_equal(other->scenario, count->scenario))
            return CP_SECOND_CONFIRMED;
    }
    if (!cp_compared_scenario(second->a, count->scenario))
        return CP_SECOND_NONE;
    return cp_comparison_refutes(second, count) ? CP_SECOND_REFUTED : CP_SECOND_NONE;
}

void
cp_comparison_confirm(CpComparison *comparison, const CpComparison *second)
{
    for (guint i = 0; i < comparison->lines->len; i++) {
        CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        const CpComparedLine *other = find_line(second, line->scenario, line->line);
        if (!other || (line->change != CP_CHANGE_SLOWER && line->change != CP_CHANGE_FASTER))
            continue;
        line->second = other->change == line->change ? CP_SECOND_CONFIRMED : CP_SECOND_REFUTED;
        if (line->second == CP_SECOND_REFUTED)
            line->change = other->change == CP_CHANGE_UNCHANGED ? CP_CHANGE_UNCHANGED : CP_CHANGE_INCONCLUSIVE;
    }
    for (guint i = 0; i < comparison->counts->len; i++) {
        CpComparedCount *count = &g_array_index(comparison->counts, CpComparedCount, i);
        count->second = confirm_count(second, count);
    }
    decide(comparison);
}

const CpComparedLine *
cp_comparison_least_visible(const CpComparison *comparison)
{
    const CpComparedLine *least = NULL;
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (line->change == CP_CHANGE_INCONCLUSIVE && (!least || line->visible > least->visible))
            least = line;
    }
    return least;
}
