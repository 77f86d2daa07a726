/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order in which the rounds of a run follow each other. */
/*
 * Each scenario has its first round before any has its second, and so on; within that the order of scenarios is random. A
 * round of a scenario is run for all variants, one right after another, so that a drift of the machine affects them alike.
 * Their order is random in rounds 1, 3, 5, ...; the round that follows has the reverse: with two variants, A B B A or
 * B A A B. So each is as often before another as after it, if the number of rounds is even.
 */
#pragma once

#include <glib.h>

typedef struct _CpSchedule CpSchedule;

CpSchedule *cp_schedule_new(guint scenarios, guint variants, gint64 rounds, guint32 seed);
void cp_schedule_free(CpSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSchedule, cp_schedule_free)

/** Sets what is to be run next: indexes of a scenario and a variant, and the round, counted from 1. Returns FALSE if all
 * rounds have been run. */
gboolean cp_schedule_next(CpSchedule *schedule, guint *scenario, guint *variant, gint64 *round);
