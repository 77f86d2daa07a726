/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order in which the rounds of a run follow each other. */
#include "run/schedule.h"

struct _CpSchedule {
    GRand *rand;
    guint scenarios, variants;
    gint64 rounds;
    gint64 round;          /* the present one, counted from 1; 0 before the first */
    guint at;              /* the number of turns that are over in the present round */
    guint *scenario_order; /* of the present round: indexes of scenarios */
    guint **variant_order; /* per scenario: indexes of variants */
};

CpSchedule *
cp_schedule_new(guint scenarios, guint variants, gint64 rounds, guint32 seed)
{
    CpSchedule *schedule = g_new0(CpSchedule, 1);
    schedule->rand = g_rand_new_with_seed(seed);
    schedule->scenarios = scenarios;
    schedule->variants = variants;
    schedule->rounds = rounds;
    schedule->at = scenarios * variants;
    schedule->scenario_order = g_new0(guint, scenarios);
    schedule->variant_order = g_new0(guint *, scenarios);
    for (guint i = 0; i < scenarios; i++)
        schedule->variant_order[i] = g_new0(guint, variants);
    return schedule;
}

void
cp_schedule_free(CpSchedule *schedule)
{
    if (!schedule)
        return;
    for (guint i = 0; i < schedule->scenarios; i++)
        g_free(schedule->variant_order[i]);
    g_free(schedule->variant_order);
    g_free(schedule->scenario_order);
    g_rand_free(schedule->rand);
    g_free(schedule);
}

static void
swap(guint *a, guint *b)
{
    guint kept = *a;
    *a = *b;
    *b = kept;
}

/* Fills `order` with the numbers from 0 to `n` - 1 in random order. */
static void
shuffle(GRand *rand, guint *order, guint n)
{
    for (guint i = 0; i < n; i++) {
        order[i] = i;
        if (i > 0)
            swap(&order[i], &order[g_rand_int_range(rand, 0, i + 1)]);
    }
}

static void
reverse(guint *order, guint n)
{
    for (guint i = 0; i < n / 2; i++)
        swap(&order[i], &order[n - 1 - i]);
}

static void
begin_round(CpSchedule *schedule)
{
    schedule->round++;
    schedule->at = 0;
    shuffle(schedule->rand, schedule->scenario_order, schedule->scenarios);
    for (guint i = 0; i < schedule->scenarios; i++) {
        if (schedule->round % 2 == 1)
            shuffle(schedule->rand, schedule->variant_order[i], schedule->variants);
        else
            reverse(schedule->variant_order[i], schedule->variants);
    }
}

gboolean
cp_schedule_next(CpSchedule *schedule, guint *scenario, guint *variant, gint64 *round)
{
    if (schedule->at == schedule->scenarios * schedule->variants) {
        if (schedule->round == schedule->rounds || schedule->at == 0)
            return FALSE;
        begin_round(schedule);
    }
    *scenario = schedule->scenario_order[schedule->at / schedule->variants];
    *variant = schedule->variant_order[*scenario][schedule->at % schedule->variants];
    *round = schedule->round;
    schedule->at++;
    return TRUE;
}
