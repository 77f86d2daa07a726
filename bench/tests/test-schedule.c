/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of run/schedule.h. */
#include "run/schedule.h"

#include <string.h>

#define SCENARIOS 3u
#define VARIANTS 3u
#define ROUNDS 7

typedef struct {
    guint scenario, variant;
    gint64 round;
} Turn;

/* All turns of a schedule. */
static GArray *
turns_of(guint scenarios, guint variants, gint64 rounds, guint32 seed)
{
    g_autoptr(CpSchedule) schedule = cp_schedule_new(scenarios, variants, rounds, seed);
    GArray *turns = g_array_new(FALSE, FALSE, sizeof(Turn));
    for (Turn turn; cp_schedule_next(schedule, &turn.scenario, &turn.variant, &turn.round);)
        g_array_append_val(turns, turn);
    return turns;
}

static const Turn *
turn_at(const GArray *turns, guint i)
{
    return &g_array_index(turns, Turn, i);
}

/* Round by round, and in a round scenario by scenario, each variant has one turn. */
static void
test_complete(void)
{
    g_autoptr(GArray) turns = turns_of(SCENARIOS, VARIANTS, ROUNDS, 1);
    guint i = 0;
    g_assert_cmpuint(turns->len, ==, SCENARIOS * VARIANTS * ROUNDS);
    for (gint64 round = 1; round <= ROUNDS; round++) {
        gboolean seen[SCENARIOS] = { FALSE };
        for (guint s = 0; s < SCENARIOS; s++) {
            guint scenario = turn_at(turns, i)->scenario;
            gboolean had_turn[VARIANTS] = { FALSE };
            g_assert_false(seen[scenario]);
            seen[scenario] = TRUE;
            for (guint v = 0; v < VARIANTS; v++, i++) {
                const Turn *turn = turn_at(turns, i);
                g_assert_cmpint(turn->round, ==, round);
                g_assert_cmpuint(turn->scenario, ==, scenario);
                g_assert_false(had_turn[turn->variant]);
                had_turn[turn->variant] = TRUE;
            }
        }
    }
}

/* The place of a variant's turn among those of its round and scenario. */
static guint
place_of(const GArray *turns, gint64 round, guint scenario, guint variant)
{
    guint place = 0;
    for (guint i = 0; i < turns->len; i++) {
        const Turn *turn = turn_at(turns, i);
        if (turn->round != round || turn->scenario != scenario)
            continue;
        if (turn->variant == variant)
            return place;
        place++;
    }
    g_assert_not_reached();
}

/* Every second round has the reverse order of the round before. */
static void
test_reverse(void)
{
    g_autoptr(GArray) turns = turns_of(SCENARIOS, VARIANTS, ROUNDS, 2);
    for (gint64 round = 1; round < ROUNDS; round += 2) {
        for (guint s = 0; s < SCENARIOS; s++) {
            for (guint v = 0; v < VARIANTS; v++)
                g_assert_cmpuint(place_of(turns, round, s, v) + place_of(turns, round + 1, s, v), ==, VARIANTS - 1);
        }
    }
}

/* Each of two variants begins about as often as the other, in no fixed order; a seed gives the same order again. */
static void
test_random(void)
{
    g_autoptr(GArray) turns = turns_of(1, 2, 2000, 3);
    g_autoptr(GArray) again = turns_of(1, 2, 2000, 3);
    g_autoptr(GArray) other = turns_of(1, 2, 2000, 4);
    guint first = 0;
    for (gint64 round = 1; round < 2000; round += 2)
        first += place_of(turns, round, 0, 0) == 0;
    g_assert_cmpuint(first, >, 400);
    g_assert_cmpuint(first, <, 600);
    g_assert_cmpmem(turns->data, turns->len * sizeof(Turn), again->data, again->len * sizeof(Turn));
    g_assert_true(memcmp(turns->data, other->data, turns->len * sizeof(Turn)) != 0);
}

static void
test_empty(void)
{
    g_autoptr(GArray) nothing = turns_of(0, 2, 5, 1);
    g_assert_cmpuint(nothing->len, ==, 0);
    cp_schedule_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schedule/complete", test_complete);
    g_test_add_func("/schedule/reverse", test_reverse);
    g_test_add_func("/schedule/random", test_random);
    g_test_add_func("/schedule/empty", test_empty);
    return g_test_run();
}
