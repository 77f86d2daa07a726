/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judgement in detail: the findings step by step. */
#pragma once

#include <stdio.h>

#include "judge/judge.h"

typedef struct _CpDetail CpDetail;

/** Prints to `out`. If `whole` is FALSE, long differences are cut off. */
CpDetail *cp_detail_new(gboolean whole, FILE *out);
void cp_detail_free(CpDetail *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpDetail, cp_detail_free)

/** Prints a finding; `detail` is a CpDetail. A CpJudgeSink. If there are several variants, all is printed at the end,
 * variant by variant. */
void cp_detail_add(const CpFinding *finding, gpointer detail);

/** Prints the totals, of each variant. */
void cp_detail_finish(CpDetail *detail, const CpJudgement *judgement);
