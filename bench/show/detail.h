/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the judge found, step by step.
 */
#pragma once

#include <stdio.h>

#include "judge/judge.h"

/** Prints every finding of every scenario, bad reads with how they differ from the truth, and ends with a line that
 * sums up. Of a difference it prints the first lines, or all of them where `whole` is set. */
void cp_detail_print(const CpJudgement *judgement, gboolean whole, FILE *out);
