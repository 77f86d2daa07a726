/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the files of the reference reader add facts to a CpReference. */
#pragma once

#include <libxml/tree.h>

#include "checks/reference-reader.h"

/** Appends a line to the text. */
void G_GNUC_PRINTF(2, 3) cp_reference_add(CpReference *reference, const char *format, ...);

/**
 * Appends a line with a number. The document must be refused if `value` is NULL or contains anything but digits,
 * signs and whitespace. It is unsure how libvirt reads signs, whitespace and numbers above INT_MAX: that depends on
 * the type of the variable and on the version.
 */
void cp_reference_add_number(CpReference *reference, const char *name, const char *value);

/** Appends a line. The document must be refused if `value` is not "yes" or "no". */
void cp_reference_add_yes_no(CpReference *reference, const char *name, const char *value);

/** Appends a line. The document must be refused if `value` is NULL. */
void cp_reference_add_required(CpReference *reference, const char *name, const char *value);

/** Appends a line unless `value` is NULL. */
void cp_reference_add_optional(CpReference *reference, const char *name, const char *value);

/** Reads everything about an accelerator, a row of cp_reference_accelerators, below the root of a document. */
void cp_reference_read_accelerator(CpReference *reference, const xmlNode *root, gsize accelerator);
