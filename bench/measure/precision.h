/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says during a run of two variants whether its rounds are enough to see changes of a given size. */
/*
 * It looks at how long reads took, before they are judged: how wide an interval is does not depend on whether all of them
 * were fresh. It does not look at whether there is a difference: else a run would end as soon as chance shows one.
 */
#pragma once

#include "history/event.h"

typedef struct _CpPrecision CpPrecision;

/** `wanted`: the size, a ratio. `limit`: the run has at most that many rounds. */
CpPrecision *cp_precision_new(double wanted, gint64 limit);
void cp_precision_free(CpPrecision *precision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpPrecision, cp_precision_free)

/** Takes an event of the run, in order. Returns whether the rounds so far are enough, or too few would be left even at the
 * limit; `precision` is a CpPrecision. */
gboolean cp_precision_take(const CpEvent *event, gpointer precision);

/** Whether a change of the wanted size is seen in every line; if not, how many rounds would do. */
gboolean cp_precision_is_reached(const CpPrecision *precision, gsize *rounds);
