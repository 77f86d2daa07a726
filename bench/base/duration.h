/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Durations, in nanoseconds.
 */
#pragma once

#include <glib.h>

#define CP_NS_PER_S G_GINT64_CONSTANT(1000000000)
#define CP_NS_PER_MS G_GINT64_CONSTANT(1000000)

/** The time of CLOCK_MONOTONIC, in ns. */
gint64 cp_now_ns(void);

/** The sum, or the largest number there is where it is beyond that. Both must not be negative. */
gint64 cp_sum(gint64 a, gint64 b);

/** Reads "200ms" or "2s" (at most an hour) into `ns`. FALSE where `text` is anything else. */
gboolean cp_duration_parse(const char *text, gint64 *ns);

/** "612 ms", "1.24 s", "85.0 µs": three significant digits. The caller owns it. */
char *cp_duration_format(double ns);
