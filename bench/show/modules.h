/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what each module contributes. */
#pragma once

#include <stdio.h>

#include "measure/modules.h"

/** Prints the table to `out` as aligned text. Of each list of facts it has the first 20. */
void cp_modules_print_text(const CpModules *modules, FILE *out);

/** The same as Markdown. */
void cp_modules_print_markdown(const CpModules *modules, FILE *out);

/**
 * Prints it as JSON, with all facts: `modules`, an array of objects with module, answer and document (arrays of strings
 * "- FACT" and "+ FACT"), error (an object with message, domain and code, or null), and unknown (a string or null);
 * `pairs`, an array of objects with module, needed, and fails (a boolean). `schema` is "capprobe.modules/1".
 */
void cp_modules_print_json(const CpModules *modules, FILE *out);
