/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons: the times of lines. */
#include <math.h>
#include <stdlib.h>

#include "measure/comparison-parts.h"
#include "measure/shift.h"

#define POWER 0.9 /* of `visible`: how often a change of that size is seen */
#define TWO_SIDED 0.975
#define TIME CP_COST_LAST /* stands for the time among costs */
#define FAR 3 /* how many distances between quartiles a value lies above them that is far from the others (Tukey) */

/* --- rounds: the median of each --- */

typedef struct {
    gint64 round;
    double value; /* of a sample, or the median of the round */
} Value;

static int
compare_values(gconstpointer a, gconstpointer b)
{
    const Value *x = a, *y = b;
    return x->round != y->round ? (x->round > y->round) - (x->round < y->round)
                                : (x->value > y->value) - (x->value < y->value);
}

/* Returns all values of a line: its times, or a cost as far as it is known; of Value. The caller owns the array. */
static GArray *
values_of(const CpResultLine *line, CpCost cost)
{
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(Value), line->samples_ns->len);
    for (guint i = 0; i < line->samples_ns->len; i++) {
        const CpCosts *costs = &g_array_index(line->costs, CpCosts, i);
        Value value = { g_array_index(line->rounds, gint64, i), g_array_index(line->samples_ns, gint64, i) };
        if (cost != TIME && !cp_costs_has(costs, cost))
            continue;
        if (cost != TIME)
            value.value = costs->figures[cost];
        g_array_append_val(all, value);
    }
    return all;
}

/* Returns the median of each round that the rule has, in the order of rounds: of Value. The caller owns the array. */
static GArray *
medians_of_rounds(const GArray *values_of_line, const CpComparisonRule *rule)
{
    g_autoptr(GArray) all = g_array_sized_new(FALSE, FALSE, sizeof(Value), values_of_line->len);
    GArray *medians = g_array_new(FALSE, FALSE, sizeof(Value));
    for (guint i = 0; i < values_of_line->len; i++) {
        Value value = g_array_index(values_of_line, Value, i);
        if (value.round >= rule->first_round && (rule->last_round == 0 || value.round <= rule->last_round))
            g_array_append_val(all, value);
    }
    g_array_sort(all, compare_values);
    const Value *values = (const Value *)all->data;
    for (guint i = 0, end; i < all->len; i = end) {
        for (end = i + 1; end < all->len && values[end].round == values[i].round;)
            end++;
        Value median = { values[i].round, (values[(i + end - 1) / 2].value + values[(i + end) / 2].value) / 2 };
        g_array_append_val(medians, median);
    }
    return medians;
}

/* Returns the values alone. The caller owns them. */
static double *
plain(const GArray *medians)
{
    double *values = g_new(double, medians->len + 1);
    for (guint i = 0; i < medians->len; i++)
        values[i] = g_array_index(medians, Value, i).value;
    return values;
}

/* The number of rounds at the begin, at most a third of all, that are far above the others. */
static gsize
count_warm_up(const GArray *medians)
{
    gsize n = medians->len, most = n / 3, slow = 0;
    if (n < 2 * CP_INTERVAL_MIN_N)
        return 0;
    g_autofree double *values = plain(medians);
    gsize others = n - most;
    g_autofree double *sorted = g_memdup2(values + most, others * sizeof(*values));
    qsort(sorted, others, sizeof(*sorted), cp_compare_doubles);
    double low = cp_quantile(sorted, others, 0.25), high = cp_quantile(sorted, others, 0.75);
    while (slow < most && values[slow] > MAX(high + FAR * (high - low), sorted[others - 1]))
        slow++;
    return slow;
}

static CpComparedSide
describe_side(const GArray *values, const GArray *medians)
{
    g_autofree double *all = plain(values);
    return (CpComparedSide){ values->len, medians->len, cp_median(all, values->len), count_warm_up(medians) };
}

/* The values of a block: the sum of those of its two rounds; or of the first alone if it is not complete. */
typedef struct {
    gint64 block;
    guint rounds;
    double sum;
} Block;

static gint64
block_of(const GArray *medians, guint i)
{
    gint64 round = g_array_index(medians, Value, i).round;
    return round / 2 + round % 2;
}

/* Returns the block at `*i` in the medians, and moves on to the next. */
static Block
next_block(const GArray *medians, guint *i)
{
    Block block = { .block = block_of(medians, *i) };
    for (; *i < medians->len && block_of(medians, *i) == block.block; ++*i) {
        block.sum += g_array_index(medians, Value, *i).value;
        block.rounds++;
    }
    return block;
}

/* Returns what the complete blocks of both differ by, b - a, of double, in halves of their unit: a sum of two rounds is twice
 * their mean. The caller owns the array. */
static GArray *
pair(const GArray *a, const GArray *b)
{
    GArray *differences = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0, j = 0; i < a->len && j < b->len;) {
        guint next_i = i, next_j = j;
        Block of_a = next_block(a, &next_i), of_b = next_block(b, &next_j);
        double difference = of_b.sum - of_a.sum;
        if (of_a.block == of_b.block && of_a.rounds == 2 && of_b.rounds == 2)
            g_array_append_val(differences, difference);
        if (of_a.block <= of_b.block)
            i = next_i;
        if (of_b.block <= of_a.block)
            j = next_j;
    }
    return differences;
}

/* --- figures --- */

/* `unit` is that of the shift, in that of the line. */
static void
take_shift(CpComparedLine *line, const CpShift *shift, double unit)
{
    double median = MAX(line->a.median, 1);
    line->interval = shift->interval;
    line->shift = shift->shift * unit;
    line->shift_low = shift->low * unit;
    line->shift_high = shift->high * unit;
    line->ratio = line->shift / median;
    line->low = line->shift_low / median;
    line->high = line->shift_high / median;
    line->p = shift->p;
}

/* Compares the times or a cost that both sides have of a line, and adds it to `lines`. Without a common block of one run there is
 * nothing to compare. */
static void
compare_line(CpComparison *comparison,
             const CpScenarioResult *scenario,
             const CpResultLine *a,
             const CpResultLine *b,
             CpCost cost,
             GArray *lines)
{
    g_autoptr(GArray) all_a = values_of(a, cost), all_b = values_of(b, cost);
    if (all_a->len == 0 || all_b->len == 0)
        return;
    CpComparedLine line = { .scenario = scenario->name, .label = a->label, .line = a->line, .p = 1, .p_holm = 1 };
    g_autoptr(GArray) medians_a = medians_of_rounds(all_a, &comparison->rule),
                      medians_b = medians_of_rounds(all_b, &comparison->rule);
    g_autofree double *values_a = plain(medians_a), *values_b = plain(medians_b);
    line.a = describe_side(all_a, medians_a);
    line.b = describe_side(all_b, medians_b);
    if (medians_a->len > 0 && medians_b->len > 0)
        line.delta = cp_cliffs_delta(values_a, medians_a->len, values_b, medians_b->len);
    if (comparison->paired) {
        g_autoptr(GArray) differences = pair(medians_a, medians_b);
        line.pairs = differences->len;
        CpShift shift = { .p = 1 };
        if (line.pairs > 0)
            shift = cp_shift_of_pairs((const double *)differences->data, line.pairs);
        take_shift(&line, &shift, 0.5);
    } else if (medians_a->len > 0 && medians_b->len > 0) {
        CpShift shift = cp_shift_of_groups(values_a, medians_a->len, values_b, medians_b->len);
        take_shift(&line, &shift, 1);
    }
    g_array_append_val(lines, line);
}

static const CpResultLine *
find_line(const GPtrArray *lines, const CpResultLine *wanted)
{
    for (guint i = 0; i < lines->len; i++) {
        const CpResultLine *line = lines->pdata[i];
        if (line->line == wanted->line && g_strcmp0(line->label, wanted->label) == 0)
            return line;
    }
    return NULL;
}

static void
note_missing(CpComparison *comparison, const CpScenarioResult *scenario, const CpResultLine *line, const char *name)
{
    comparison->complete = FALSE;
    g_ptr_array_add(comparison->notes, g_strdup_printf("%s:%" G_GINT64_FORMAT ": %s has no fresh samples of it",
                                                       scenario->name, line->line, name));
}

void
cp_comparison_add_lines(CpComparison *comparison, const CpScenarioResult *a, const CpScenarioResult *b)
{
    g_autoptr(GPtrArray) lines_a = cp_scenario_result_lines(a), lines_b = cp_scenario_result_lines(b);
    for (guint i = 0; i < lines_a->len; i++) {
        const CpResultLine *of_a = lines_a->pdata[i], *of_b = find_line(lines_b, of_a);
        gboolean has_a = of_a->samples_ns->len > 0, has_b = of_b && of_b->samples_ns->len > 0;
        if (has_a && has_b) {
            compare_line(comparison, a, of_a, of_b, TIME, comparison->lines);
            for (CpCost cost = 0; cost < CP_COST_LAST; cost++)
                compare_line(comparison, a, of_a, of_b, cost, comparison->costs[cost]);
        } else if (has_a || has_b) {
            note_missing(comparison, a, of_a, has_a ? comparison->name_b : comparison->name_a);
        }
    }
    for (guint i = 0; i < lines_b->len; i++) {
        const CpResultLine *of_b = lines_b->pdata[i];
        if (of_b->samples_ns->len > 0 && !find_line(lines_a, of_b))
            note_missing(comparison, b, of_b, comparison->name_a);
    }
}

/* --- decisions --- */

/* Whether the smallest probability that the test can give for `n` pairs, or values on each side, is small enough. */
static gboolean
can_be_certain(gboolean paired, gsize n, gsize lines, double alpha)
{
    double ways = paired ? n * G_LN2 : lgamma(2 * n + 1.0) - 2 * lgamma(n + 1.0);
    return n >= CP_INTERVAL_MIN_N && 2 * exp(-ways) * lines < alpha;
}

/* The distances that a shift must have, in standard errors: for the test, and between the floor and the interval's end. */
static double
far_for_test(double alpha, gsize lines)
{
    return cp_normal_quantile(1 - alpha / 2 / lines) + cp_normal_quantile(POWER);
}

static double
far_for_interval(void)
{
    return cp_normal_quantile(TWO_SIDED) + cp_normal_quantile(POWER);
}

double
cp_comparison_visible(double width, gboolean paired, gsize n, gsize lines, double alpha, double floor)
{
    double error = width / 2 / cp_normal_quantile(TWO_SIDED);
    if (!can_be_certain(paired, n, lines, alpha))
        return INFINITY;
    return MAX(far_for_test(alpha, lines) * error, floor + far_for_interval() * error);
}

gsize
cp_comparison_rounds(double width, gboolean paired, gsize n, gsize lines, double alpha, double floor, double wanted)
{
    double error = width / 2 / cp_normal_quantile(TWO_SIDED);
    gsize least = CP_INTERVAL_MIN_N;
    if (wanted <= floor)
        return 0;
    while (!can_be_certain(paired, least, lines, alpha))
        least++;
    double times = MAX(far_for_test(alpha, lines) * error / wanted, far_for_interval() * error / (wanted - floor));
    return MAX(least, (gsize)MIN(ceil(n * times * times), 1e9)) * (paired ? 2 : 1);
}

/* Sets the smallest change that can be seen, and the number of rounds for those that matter. */
static void
set_visible(CpComparedLine *line, const CpComparisonRule *rule, gboolean paired, gsize lines)
{
    gsize n = paired ? line->pairs : MIN(line->a.rounds, line->b.rounds);
    double width = line->interval ? line->high - line->low : 0;
    double matters = rule->threshold > 0 ? rule->threshold : rule->margin;
    line->visible = cp_comparison_visible(width, paired, n, lines, rule->alpha, line->floor);
    line->rounds_needed =
        line->visible > matters ? cp_comparison_rounds(width, paired, n, lines, rule->alpha, line->floor, matters) : 0;
}

/* The noise floor keeps a change from being certain. It does not make an unchanged line of it: it may be a change. */
static CpChange
decide_line(const CpComparedLine *line, const CpComparisonRule *rule)
{
    double counts = MAX(rule->threshold, line->floor);
    double matters = rule->threshold > 0 ? rule->threshold : rule->margin;
    if (!line->interval)
        return CP_CHANGE_INCONCLUSIVE;
    if (line->p_holm < rule->alpha && line->low > counts)
        return CP_CHANGE_SLOWER;
    if (line->p_holm < rule->alpha && line->high < -counts)
        return CP_CHANGE_FASTER;
    return line->low > -matters && line->high < matters ? CP_CHANGE_UNCHANGED : CP_CHANGE_INCONCLUSIVE;
}

/* Decides about lines of one kind: times, or one cost. */
static void
decide_lines(const CpComparison *comparison, GArray *all)
{
    guint n = all->len;
    CpComparedLine *lines = (CpComparedLine *)all->data;
    g_autofree double *p = g_new(double, n);
    for (guint i = 0; i < n; i++)
        p[i] = lines[i].p;
    cp_holm(p, n);
    for (guint i = 0; i < n; i++) {
        lines[i].p_holm = p[i];
        set_visible(&lines[i], &comparison->rule, comparison->paired, n);
        lines[i].change = decide_line(&lines[i], &comparison->rule);
    }
}

void
cp_comparison_decide_lines(CpComparison *comparison)
{
    decide_lines(comparison, comparison->lines);
    for (CpCost cost = 0; cost < CP_COST_LAST; cost++)
        decide_lines(comparison, comparison->costs[cost]);
}
