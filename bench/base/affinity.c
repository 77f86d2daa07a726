/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On which CPUs a thread may run. */
#include "base/affinity.h"

void
cp_affinity_choose(const cpu_set_t *all, guint64 n)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, all) || n-- > 0)
            continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof(one), &one);
        return;
    }
}
