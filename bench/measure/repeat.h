/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command that repeats a run. */
#pragma once

#include "measure/result.h"

/**
 * Returns the command of a shell that repeats the run of `result`, as far as the result tells it: scenarios, rounds, seed, what
 * is tested. The caller owns it.
 */
char *cp_repeat_command(const CpResult *result);
