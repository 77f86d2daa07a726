/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as a table for a terminal. */
#pragma once

#include <stdio.h>

#include "measure/result.h"

/**
 * Prints the environment, a table with one row per scenario, the problems, the overhead of the harness, and the profile
 * if there is one. If there are several variants, each scenario has a row per
 * variant. The column "samples" is the number of measured `read` steps; all other counts include `prime`.
 */
void cp_table_print(const CpResult *result, FILE *out);
