/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields of comma-separated values (RFC 4180). */
#pragma once

#include <stdio.h>

#include <glib.h>

/** Prints a field, made printable by cp_text_printable(), in quotes if it needs any. `separator` follows it. */
void cp_csv_print_field(const char *text, const char *separator, FILE *out);
