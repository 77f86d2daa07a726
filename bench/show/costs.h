/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The costs of reads: how they are called and written, and the table of those of a result. */
#pragma once

#include <stdio.h>

#include "measure/result.h"

/** Returns what a cost is called: "libvirt CPU". */
const char *cp_cost_title(CpCost cost);

/** Writes a figure of a cost: "1.23 ms", or "12.3 M" instructions. The caller owns it. */
char *cp_cost_format(CpCost cost, double figure);

/** Returns the sentence that says why a result has no instructions; NULL if it has, or does not say. The caller owns it. */
char *cp_cost_describe_uncounted(const CpResult *result);

/** Prints the median costs of the fresh reads of each line; nothing if none is known. */
void cp_costs_print(const CpResult *result, FILE *out);
