/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times from the kernel, in ns. */
#include "base/clock.h"

#include <time.h>

gint64
cp_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * CP_NS_PER_S + now.tv_nsec;
}

gint64
cp_duration_of_timeval(struct timeval time)
{
    return time.tv_sec * CP_NS_PER_S + time.tv_usec * 1000;
}
