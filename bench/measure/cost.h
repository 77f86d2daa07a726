/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Costs of reads: what they take beside time. They vary far less than times, for they hardly depend on what else the machine
 * does. */
#pragma once

#include "history/event.h"

typedef enum {
    CP_COST_LIBVIRT_CPU, /* CPU time, ns */
    CP_COST_EMULATOR_CPU,
    CP_COST_LIBVIRT_INSTRUCTIONS, /* in user space */
    CP_COST_EMULATOR_INSTRUCTIONS,
    CP_COST_LAST
} CpCost;

/** The costs of a read. All zero: none is known. */
typedef struct {
    guint known;                  /* a bit per CpCost */
    gint64 figures[CP_COST_LAST]; /* 0 if it is not known */
} CpCosts;

/** Returns the name in files: "libvirt_cpu_ns", "emulator_cpu_ns", "libvirt_instructions", "emulator_instructions". */
const char *cp_cost_name(CpCost cost);

/** Returns whether it is a time, in ns. */
gboolean cp_cost_is_time(CpCost cost);

/** Returns the costs of a read, an event of this type. */
CpCosts cp_costs_of_read(const CpEvent *event);

void cp_costs_set(CpCosts *costs, CpCost cost, gint64 figure);
gboolean cp_costs_has(const CpCosts *costs, CpCost cost);
