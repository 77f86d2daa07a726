/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says during a run of two variants whether its rounds are enough to see changes of a given size. */
#include "measure/precision.h"

#include "measure/comparison-parts.h"
#include "measure/shift.h"

#define LEAST_ROUNDS 20 /* before them an interval says too little */
#define ALPHA 0.05

/* It looks often, and ends with the first interval that is narrow enough, which is narrower than others by chance. So it asks
 * for a smaller change than is wanted. */
#define ALLOWANCE 1.2

/* A line of a scenario. */
typedef struct {
    char *scenario;
    gint64 line;
    GArray *values[2]; /* per variant: of double, the median of each round, in ns */
    GArray *round;     /* of double: what the present round has */
    double width;      /* of the interval of the shift, a ratio */
    gsize pairs;
} Line;

struct _CpPrecision {
    double wanted;
    gint64 limit;
    GPtrArray *lines;  /* of Line */
    char *variants[2]; /* NULL until they are known */
    char *scenario;    /* of the present round */
    guint variant;     /* of the present round: an index */
    gint64 round;
    gboolean enough;
};

static void
line_free(gpointer data)
{
    Line *line = data;
    g_free(line->scenario);
    g_array_unref(line->values[0]);
    g_array_unref(line->values[1]);
    g_array_unref(line->round);
    g_free(line);
}

CpPrecision *
cp_precision_new(double wanted, gint64 limit)
{
    CpPrecision *precision = g_new0(CpPrecision, 1);
    precision->wanted = wanted;
    precision->limit = limit;
    precision->lines = g_ptr_array_new_with_free_func(line_free);
    return precision;
}

void
cp_precision_free(CpPrecision *precision)
{
    if (!precision)
        return;
    g_ptr_array_unref(precision->lines);
    g_free(precision->variants[0]);
    g_free(precision->variants[1]);
    g_free(precision->scenario);
    g_free(precision);
}

static Line *
find_line(CpPrecision *precision, gint64 number)
{
    for (guint i = 0; i < precision->lines->len; i++) {
        Line *line = precision->lines->pdata[i];
        if (line->line == number && g_str_equal(line->scenario, precision->scenario))
            return line;
    }
    Line *line = g_new0(Line, 1);
    line->scenario = g_strdup(precision->scenario);
    line->line = number;
    for (int i = 0; i < 2; i++)
        line->values[i] = g_array_new(FALSE, FALSE, sizeof(double));
    line->round = g_array_new(FALSE, FALSE, sizeof(double));
    g_ptr_array_add(precision->lines, line);
    return line;
}

static void
begin_round(CpPrecision *precision, const CpEvent *event)
{
    for (precision->variant = 0; precision->variant < 1; precision->variant++) {
        if (!precision->variants[precision->variant])
            precision->variants[precision->variant] = g_strdup(event->variant);
        if (g_strcmp0(precision->variants[precision->variant], event->variant) == 0)
            break;
    }
    g_free(precision->scenario);
    precision->scenario = g_strdup(event->scenario);
    precision->round = event->round;
    for (guint i = 0; i < precision->lines->len; i++)
        g_array_set_size(((Line *)precision->lines->pdata[i])->round, 0);
}

static void
take_read(CpPrecision *precision, const CpEvent *event)
{
    double ns = event->end_ns - event->begin_ns;
    if (precision->scenario && event->answer && g_str_equal(event->name, "read"))
        g_array_append_val(find_line(precision, event->line)->round, ns);
}

/* Sets the width of the interval after a block of two rounds. A round that one side has not is seldom enough to let the
 * others, which then are blocks of neighbours, stand for what they would be. */
static void
set_width(Line *line)
{
    const double *a = (const double *)line->values[0]->data, *b = (const double *)line->values[1]->data;
    line->pairs = MIN(line->values[0]->len, line->values[1]->len) / 2;
    g_autofree double *differences = g_new(double, line->pairs + 1);
    for (gsize i = 0; i < line->pairs; i++)
        differences[i] = b[2 * i] + b[2 * i + 1] - a[2 * i] - a[2 * i + 1];
    if (line->pairs == 0)
        return;
    CpShift shift = cp_shift_of_pairs(differences, line->pairs);
    line->width = (shift.high - shift.low) / 2 / cp_median(a, line->values[0]->len);
}

static void
end_round(CpPrecision *precision)
{
    for (guint i = 0; i < precision->lines->len; i++) {
        Line *line = precision->lines->pdata[i];
        if (line->round->len == 0)
            continue;
        double median = cp_median((const double *)line->round->data, line->round->len);
        g_array_append_val(line->values[precision->variant], median);
        if (precision->round % 2 == 0)
            set_width(line);
    }
    gsize rounds;
    precision->enough = precision->round >= LEAST_ROUNDS &&
                        (cp_precision_is_reached(precision, &rounds) || rounds > (gsize)precision->limit);
}

gboolean
cp_precision_take(const CpEvent *event, gpointer data)
{
    CpPrecision *precision = data;
    switch (event->type) {
    case CP_EVENT_ROUND:
        begin_round(precision, event);
        break;
    case CP_EVENT_READ:
        take_read(precision, event);
        break;
    case CP_EVENT_ROUND_END:
        end_round(precision);
        break;
    default:
        break;
    }
    return precision->enough;
}

gboolean
cp_precision_is_reached(const CpPrecision *precision, gsize *rounds)
{
    gboolean reached = precision->lines->len > 0;
    *rounds = 0;
    for (guint i = 0; i < precision->lines->len; i++) {
        const Line *line = precision->lines->pdata[i];
        gsize needed = cp_comparison_rounds(line->width, TRUE, line->pairs, precision->lines->len, ALPHA, 0,
                                            precision->wanted / ALLOWANCE);
        *rounds = MAX(*rounds, MAX(needed, LEAST_ROUNDS));
        reached &= 2 * line->pairs >= *rounds;
    }
    return reached;
}
