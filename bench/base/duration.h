/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations, in ns: measured, read, written. */
#pragma once

#include <sys/time.h>
#include <glib.h>

#define CP_NS_PER_S G_GINT64_CONSTANT(1000000000)
#define CP_NS_PER_MS G_GINT64_CONSTANT(1000000)

/** What cp_duration_parse() expects, for messages: "expected " CP_DURATION_EXPECTED. */
#define CP_DURATION_EXPECTED "a number with a unit, such as 500ms or 30s, at most one hour"

/** Returns the time of CLOCK_MONOTONIC, in ns. */
gint64 cp_now_ns(void);

/** Returns `time` in ns. */
gint64 cp_duration_of_timeval(struct timeval time);

/** Returns a + b, or G_MAXINT64 if that is larger. Neither may be negative. */
gint64 cp_sum(gint64 a, gint64 b);

/** Reads a duration of at most one hour, such as "200ms" or "2s", into `ns`. Returns FALSE for any other text. */
gboolean cp_duration_parse(const char *text, gint64 *ns);

/** Writes a duration with three significant digits: "612 ms", "1.24 s", "85.0 µs". The caller owns the text. */
char *cp_duration_format(double ns);
