/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A result as a table on a terminal.
 */
#pragma once

#include <stdio.h>

#include "measure/result.h"

/** Prints where it was measured, a row a scenario, what was wrong, the harness's own share and the profile, if there is
 * one. */
void cp_table_print(const CpResult *result, FILE *out);
