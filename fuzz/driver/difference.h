/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines in which two texts differ, to be shown to a person. */
#pragma once

#include <glib.h>

/**
 * Returns the lines in which two texts differ, in the style of a unified diff: "-" precedes lines of `before`, "+"
 * lines of `after`, a space the three lines before and after each difference, and "@@ -N +N @@" gives the line
 * numbers. The result is empty if the lines are the same.
 *
 * At most `max` lines are shown, and at most 400 characters of a line; 0 means no limit. Control characters and bytes
 * that are not UTF-8 are shown as escapes like \t and \x1b. The caller owns the result.
 */
char *cp_difference(const char *before, const char *after, guint max);

/** Returns the lines of `text`, each after a space, with the same limits and escapes. The caller owns the result. */
char *cp_difference_listing(const char *text, guint max);
