/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of the changes of a series. */
#include "measure/level-changes.h"

#include <math.h>

#include "measure/student.h"

/* Levels between changes that are not weak: level i ends where change i begins. */
typedef struct {
    const double *values;
    guint n;
    GPtrArray *changes; /* of CpLevelChange, borrowed */
} Levels;

static CpLevelChange *
change_at(const Levels *levels, guint i)
{
    return levels->changes->pdata[i];
}

static double
mean_of(const Levels *levels, guint level)
{
    return level > 0 ? change_at(levels, level - 1)->point.after : change_at(levels, 0)->point.before;
}

/* Whether the later level is the same as the one before change `i`. */
static gboolean
is_back(const Levels *levels, guint i, guint later)
{
    double before = mean_of(levels, i), after = mean_of(levels, i + 1), now = mean_of(levels, later);
    if (fabs(now - before) >= fabs(now - after))
        return FALSE;
    guint begin = i > 0 ? change_at(levels, i - 1)->point.index : 0, end = change_at(levels, i)->point.index;
    guint later_begin = change_at(levels, later - 1)->point.index;
    guint later_end = later < levels->changes->len ? change_at(levels, later)->point.index : levels->n;
    return cp_student_test(levels->values + begin, end - begin, levels->values + later_begin, later_end - later_begin)
               .p > CP_CHANGE_POINT_WEAK_P;
}

/* Looks for the change that takes back change `i`, and with it all changes between them. */
static void
find_return(const Levels *levels, guint i)
{
    guint later = i + 2;
    while (later <= levels->changes->len && !is_back(levels, i, later))
        later++;
    if (later > levels->changes->len)
        return;
    CpLevelChange *taker = change_at(levels, later - 1);
    for (guint taken = i; taken < later - 1; taken++) {
        change_at(levels, taken)->fate = CP_FATE_WENT_AWAY;
        change_at(levels, taken)->other = taker->point.index;
    }
    taker->fate = CP_FATE_RETURNS;
    taker->other = change_at(levels, i)->point.index;
}

GArray *
cp_level_changes(const double *values, guint n)
{
    g_autoptr(GArray) points = cp_change_points(values, n);
    GArray *changes = g_array_sized_new(FALSE, TRUE, sizeof(CpLevelChange), points->len);
    g_autoptr(GPtrArray) certain = g_ptr_array_new();
    g_array_set_size(changes, points->len);
    for (guint i = 0; i < points->len; i++) {
        CpLevelChange *change = &g_array_index(changes, CpLevelChange, i);
        change->point = g_array_index(points, CpChangePoint, i);
        if (!change->point.weak)
            g_ptr_array_add(certain, change);
    }
    Levels levels = { values, n, certain };
    for (guint i = 0; i < certain->len; i++) {
        if (change_at(&levels, i)->fate == CP_FATE_STANDS)
            find_return(&levels, i);
    }
    return changes;
}
