/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time line of a watch, for a terminal. */
#pragma once

#include <stdio.h>

#include "judge/watched.h"

/** Prints the time line and the totals to `out`. If `whole` is FALSE, long lists are cut off. */
void cp_timeline_print(const CpWatched *watched, const CpJudgement *judgement, gboolean whole, FILE *out);
