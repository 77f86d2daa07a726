/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times from the kernel, in ns. These functions need no library but libc. */
#pragma once

#include <sys/time.h>
#include <glib.h>

#define CP_NS_PER_S G_GINT64_CONSTANT(1000000000)
#define CP_NS_PER_MS G_GINT64_CONSTANT(1000000)

/** Returns the time of CLOCK_MONOTONIC, in ns. */
gint64 cp_now_ns(void);

/** Returns `time` in ns. */
gint64 cp_duration_of_timeval(struct timeval time);
