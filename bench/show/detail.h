/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judgement in detail: the findings step by step. */
#pragma once

#include <stdio.h>

#include "judge/judge.h"

/** Prints all findings, for bad reads with their differences from the truth, and a summary as the last line. Only the
 * first lines of a difference are printed, unless `whole` is set. */
void cp_detail_print(const CpJudgement *judgement, gboolean whole, FILE *out);
