/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles as text: how long it took until libvirt's answer was right. */
#pragma once

#include <stdio.h>

#include "measure/settles.h"

/** Prints one line for each line of each scenario that has settles: "right after 0.7 s", "never within 3 s". */
void cp_settles_print(const CpResult *result, FILE *out);

/** Returns what came of a settle, a finding, as text that the caller owns. */
char *cp_settle_describe(const CpFinding *finding);

/** Returns what came of the settles of a line, as text that the caller owns. */
char *cp_settle_line_describe(const CpSettleLine *line);
