/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shortens documents that take too long to load because of a known defect. */
#pragma once

#include <glib.h>

/**
 * Returns a shorter document in place of one of `*length` bytes that has too many leaves of CPU data, or too many
 * attributes of one element: all but the first few are removed. Notes the defect, and sets `length`. Returns NULL for
 * other documents, and with --provoke. The caller owns the result.
 */
char *cp_known_shorten(const char *document, gsize *length);
