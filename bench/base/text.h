/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text from files and from the command line: made safe to print, and compared. */
#pragma once

#include <stdio.h>

#include <glib.h>

/**
 * Returns `text` as one line of valid UTF-8 that cannot control a terminal. Control characters (newline and escape
 * among them), line separators and characters that change the direction of text are written as "\\u000a". The caller
 * owns the result.
 */
char *cp_text_printable(const char *text);

/** Prints one line: the formatted text, made printable by cp_text_printable(), and a newline. */
void cp_text_print_line(FILE *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** Compares two `char *` for g_ptr_array_sort() and qsort(): `a` and `b` point to the pointers. */
int cp_text_compare(gconstpointer a, gconstpointer b);
