/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML and HTML: written by libxml2, so that no text of a result can be taken for markup. */
#pragma once

#include <stdio.h>

#include <glib.h>
#include <libxml/xmlwriter.h>

typedef struct _xmlTextWriter CpMarkup;

/** Writes to `out`, which stays open. */
CpMarkup *cp_markup_new(FILE *out);
void cp_markup_free(CpMarkup *markup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpMarkup, cp_markup_free)

/** Opens an element. Its attributes follow as names and values, with a NULL at the end; one whose value is NULL is left out.
 * Values, as all texts below, are made printable by cp_text_printable(). */
void cp_markup_open(CpMarkup *markup, const char *element, ...) G_GNUC_NULL_TERMINATED;

/** Closes the element that was opened last, with an end tag. */
void cp_markup_close(CpMarkup *markup);

/** Closes it as one that is always empty, such as <br/>. */
void cp_markup_close_empty(CpMarkup *markup);

/** Adds text to the open element. */
void cp_markup_text(CpMarkup *markup, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** Adds an element that holds only text. `class` is the value of that attribute, or NULL. */
void cp_markup_add(CpMarkup *markup, const char *element, const char *class, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/** Adds markup as it is: our own style sheet and what gnuplot has drawn. */
void cp_markup_raw(CpMarkup *markup, const char *markup_text);
