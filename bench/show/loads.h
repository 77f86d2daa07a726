/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads as text: what clients that read beside each other had to wait. */
#pragma once

#include <stdio.h>

#include "measure/loads.h"

/** Prints a table with the latencies of each line of each scenario that has clients; prints nothing if no scenario has. */
void cp_loads_print(const CpResult *result, FILE *out);
