/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Costs of reads. */
#include "measure/cost.h"

#include "base/duration.h"

static const char *const names[] = { "libvirt_cpu_ns", "emulator_cpu_ns", "libvirt_instructions",
                                     "emulator_instructions" };
G_STATIC_ASSERT(G_N_ELEMENTS(names) == CP_COST_LAST);

const char *
cp_cost_name(CpCost cost)
{
    return names[cost];
}

gboolean
cp_cost_is_time(CpCost cost)
{
    return cost == CP_COST_LIBVIRT_CPU || cost == CP_COST_EMULATOR_CPU;
}

void
cp_costs_set(CpCosts *costs, CpCost cost, gint64 figure)
{
    costs->known |= 1u << cost;
    costs->figures[cost] = figure;
}

gboolean
cp_costs_has(const CpCosts *costs, CpCost cost)
{
    return (costs->known & (1u << cost)) != 0;
}

CpCosts
cp_costs_of_read(const CpEvent *event)
{
    CpCosts costs = { 0 };
    cp_costs_set(&costs, CP_COST_LIBVIRT_CPU, cp_sum(event->libvirt_user_ns, event->libvirt_system_ns));
    cp_costs_set(&costs, CP_COST_EMULATOR_CPU, cp_sum(event->user_ns, event->system_ns));
    /* No answer comes without an instruction: then they were not counted. */
    if (event->libvirt_instructions > 0) {
        cp_costs_set(&costs, CP_COST_LIBVIRT_INSTRUCTIONS, event->libvirt_instructions);
        cp_costs_set(&costs, CP_COST_EMULATOR_INSTRUCTIONS, event->emulator_instructions);
    }
    return costs;
}
