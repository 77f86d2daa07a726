/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * Makes an input smaller as long as it stays what it is: first by the mutator's trim, so that a document remains one;
 * then by runs of lines, and of bytes, that are left out.
 */

/* Whether @data is still what it was. */
typedef gboolean (*CpMinimiseTest)(const char *data, gsize length, gpointer user);

/* Returns the smallest input found by @deadline, in monotonic time; @complete says whether that was all there was to
 * try. */
GString *
cp_minimise(const char *data, gsize length, CpMinimiseTest same, gpointer user, gint64 deadline, gboolean *complete);
