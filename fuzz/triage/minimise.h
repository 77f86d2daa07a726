/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes an input smaller while it keeps what matters: first with the mutator's trim, then by removing lines and bytes. */
#pragma once

#include <glib.h>

/** Returns whether the `length` bytes of `data` still have what matters. */
typedef gboolean (*CpMinimiseTest)(const char *data, gsize length, gpointer user);

/**
 * Returns the smallest input that was found before `deadline` (monotonic time, in microseconds). `complete` is set to
 * whether all candidates were tried. The caller owns the input.
 */
GString *
cp_minimise(const char *data, gsize length, CpMinimiseTest same, gpointer user, gint64 deadline, gboolean *complete);
