/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPUs of this host, as far as scenarios need to know them. Runs in the caller. */
#include "run/cpu.h"

#include <sched.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

guint
cp_cpu_count(void)
{
    cpu_set_t all;
    return sched_getaffinity(0, sizeof(all), &all) == 0 ? CPU_COUNT(&all) : 0;
}

gboolean
cp_cpu_has_leaf(guint32 leaf)
{
#if defined(__x86_64__) || defined(__i386__)
    guint eax, ebx, ecx, edx;
    return __get_cpuid_count(leaf, 0, &eax, &ebx, &ecx, &edx) && (eax || ebx || ecx || edx);
#else
    (void)leaf;
    return FALSE;
#endif
}
