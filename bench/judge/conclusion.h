/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conclusion from all findings: the exit status, and the reason if nothing can be said. */
#pragma once

#include "judge/judge.h"

typedef struct _CpConclusion CpConclusion;

CpConclusion *cp_conclusion_new(gboolean strict);
void cp_conclusion_free(CpConclusion *conclusion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpConclusion, cp_conclusion_free)

/** Learns from an event, before the first finding. */
void cp_conclusion_learn(CpConclusion *conclusion, const CpEvent *event);

/** Takes the next finding. `truths` are complete. */
void cp_conclusion_add(CpConclusion *conclusion, const CpFinding *finding, const CpTruths *truths);

/** Returns the judgement. The caller owns it. */
CpJudgement *cp_conclusion_finish(CpConclusion *conclusion, const GPtrArray *differences);
