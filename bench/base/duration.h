/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations, in ns: measured, read, written. */
#pragma once

#include "base/clock.h"

/** What cp_duration_parse() expects, for messages: "expected " CP_DURATION_EXPECTED. */
#define CP_DURATION_EXPECTED "a number with a unit, such as 500ms or 30s, at most one hour"

/** Returns a + b, or G_MAXINT64 if that is larger. Neither may be negative. */
gint64 cp_sum(gint64 a, gint64 b);

/** Reads a duration of at most one hour, such as "200ms" or "2s", into `ns`. Returns FALSE for any other text. */
gboolean cp_duration_parse(const char *text, gint64 *ns);

/** Writes a duration with three significant digits: "612 ms", "1.24 s", "85.0 µs". The caller owns the text. */
char *cp_duration_format(double ns);
