/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons: verdicts, and how often emulators were started. */
#include <math.h>

#include "base/duration.h"
#include "measure/comparison-parts.h"

#define EXACT_EVENTS 1000

/* The verdicts of problems that are worse than none. A read without a verdict ("unknown") says nothing. */
static const char *const wrong[] = { "stale", "torn", "failed", "hidden", "never", "expectation", "fault" };

static gboolean
is_wrong(const char *what)
{
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        if (g_str_equal(wrong[i], what))
            return TRUE;
    }
    return FALSE;
}

static gint64
count_problems(const CpScenarioResult *scenario, gint64 line, const char *what)
{
    gint64 n = 0;
    for (guint i = 0; i < scenario->problems->len; i++) {
        const CpProblem *problem = scenario->problems->pdata[i];
        n += problem->line == line && g_str_equal(problem->verdict, what);
    }
    return n;
}

/* Whether the list of problems may leave out some of this kind. */
static gboolean
may_be_left_out(const CpScenarioResult *scenario)
{
    return scenario->problems->len >= CP_PROBLEMS_MAX;
}

/* The probability that at least `b` of `all` events fall on a side that has `share` of the rounds: binomial, or if there are
 * many, about normal. */
static double
upper_tail(double all, double b, double share)
{
    double p = 0;
    if (all > EXACT_EVENTS)
        return erfc((b - 0.5 - all * share) / sqrt(2 * all * share * (1 - share))) / 2;
    for (double k = b; k <= all; k++)
        p += exp(lgamma(all + 1) - lgamma(k + 1) - lgamma(all - k + 1) + k * log(share) + (all - k) * log1p(-share));
    return MIN(p, 1);
}

/* Whether the numbers of `n_a` and `n_b` rounds differ by more than chance. They do if they are the same in every round, as
 * far as one can tell from their sums; else if the events of one side are too many for rounds that are alike. */
static gboolean
differ(const CpComparison *comparison, gint64 a, gint64 n_a, gint64 b, gint64 n_b)
{
    guint tests = 2 * comparison->a.result->scenarios->len;
    if (MIN(n_a, n_b) < CP_INTERVAL_MIN_N)
        return FALSE;
    if (a % n_a == 0 && b % n_b == 0)
        return a / n_a != b / n_b;
    double share = n_b / ((double)n_a + n_b);
    double all = (double)a + (double)b;
    return upper_tail(all, b, share) < comparison->rule.alpha / 2 / tests ||
           upper_tail(all, a, 1 - share) < comparison->rule.alpha / 2 / tests;
}

/* Whether a side that shows no problem of a kind may have it: reads without a verdict may be wrong in any way. */
static gboolean
may_have(const CpScenarioResult *side, gint64 line, const char *what)
{
    if (!is_wrong(what))
        return FALSE;
    return line > 0 ? count_problems(side, line, "unknown") > 0 : side->counts.reads[CP_VERDICT_UNKNOWN] > 0;
}

static void
add(CpComparison *comparison,
    const CpScenarioResult *a,
    const CpScenarioResult *b,
    gint64 line,
    const char *what,
    gint64 n_a,
    gint64 n_b)
{
    CpComparedCount count = { .scenario = a->name,
                              .line = line,
                              .what = g_strdup(what),
                              .worse = (double)n_b / b->rounds > (double)n_a / a->rounds,
                              .unsure = (n_a == 0 && may_have(a, line, what)) || (n_b == 0 && may_have(b, line, what)),
                              .a = n_a,
                              .b = n_b,
                              .rounds_a = a->rounds,
                              .rounds_b = b->rounds };
    g_array_append_val(comparison->counts, count);
}

/* Adds each kind of problem that one line of `from`, one of the sides, has, unless it was added before. */
static void
add_problems(CpComparison *comparison,
             const CpScenarioResult *a,
             const CpScenarioResult *b,
             const CpScenarioResult *from,
             GHashTable *added)
{
    for (guint i = 0; i < from->problems->len; i++) {
        const CpProblem *problem = from->problems->pdata[i];
        if (!is_wrong(problem->verdict) ||
            !g_hash_table_add(added, g_strdup_printf("%" G_GINT64_FORMAT " %s", problem->line, problem->verdict)))
            continue;
        gint64 n_a = count_problems(a, problem->line, problem->verdict),
               n_b = count_problems(b, problem->line, problem->verdict);
        if ((n_a == 0 && may_be_left_out(a)) || (n_b == 0 && may_be_left_out(b)))
            continue;
        if (n_a == 0 || n_b == 0 ||
            (!may_be_left_out(a) && !may_be_left_out(b) && differ(comparison, n_a, a->rounds, n_b, b->rounds)))
            add(comparison, a, b, problem->line, problem->verdict, n_a, n_b);
    }
}

/* Adds wrong reads of which one side has none, if no line shows them: lists of problems are not endless. */
static void
add_reads(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b, guint first)
{
    const struct {
        const char *what;
        gint64 a, b;
    } kinds[] = {
        { "stale", a->counts.reads[CP_VERDICT_STALE], b->counts.reads[CP_VERDICT_STALE] },
        { "torn", a->counts.reads[CP_VERDICT_TORN], b->counts.reads[CP_VERDICT_TORN] },
        { "failed", a->counts.reads[CP_VERDICT_FAILED], b->counts.reads[CP_VERDICT_FAILED] },
        { "hidden", a->counts.hidden, b->counts.hidden },
    };
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        gboolean listed = FALSE;
        for (guint i = first; i < comparison->counts->len; i++)
            listed |= g_str_equal(g_array_index(comparison->counts, CpComparedCount, i).what, kinds[k].what);
        if (!listed && (kinds[k].a == 0) != (kinds[k].b == 0))
            add(comparison, a, b, 0, kinds[k].what, kinds[k].a, kinds[k].b);
    }
}

void
cp_comparison_add_counts(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b)
{
    g_autoptr(GHashTable) added = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint first = comparison->counts->len;
    add_problems(comparison, a, b, b, added);
    add_problems(comparison, a, b, a, added);
    add_reads(comparison, a, b, first);

    gint64 spurious_a = a->counts.refreshes[CP_REFRESH_SPURIOUS], spurious_b = b->counts.refreshes[CP_REFRESH_SPURIOUS];
    if (differ(comparison, spurious_a, a->rounds, spurious_b, b->rounds))
        add(comparison, a, b, 0, "spurious", spurious_a, spurious_b);
    if (differ(comparison, a->counts.emulators, a->rounds, b->counts.emulators, b->rounds))
        add(comparison, a, b, 0, "emulators", a->counts.emulators, b->counts.emulators);
}

gboolean
cp_comparison_refutes(const CpComparison *second, const CpComparedCount *count)
{
    const CpScenarioResult *base = cp_compared_scenario(second->a, count->scenario);
    if (!is_wrong(count->what) || !count->worse)
        return TRUE;
    if (count->line > 0)
        return count_problems(base, count->line, count->what) > 0;
    return (g_str_equal(count->what, "stale") && base->counts.reads[CP_VERDICT_STALE] > 0) ||
           (g_str_equal(count->what, "torn") && base->counts.reads[CP_VERDICT_TORN] > 0) ||
           (g_str_equal(count->what, "failed") && base->counts.reads[CP_VERDICT_FAILED] > 0) ||
           (g_str_equal(count->what, "hidden") && base->counts.hidden > 0);
}
