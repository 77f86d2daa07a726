/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proof: the reads that show a known defect, as text. */
#pragma once

#include "judge/judge.h"

typedef struct _CpProof CpProof;

/** Lines are appended to `text`, which is borrowed. If it is not empty, nothing is. */
CpProof *cp_proof_new(GString *text);
void cp_proof_free(CpProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpProof, cp_proof_free)

/** Takes a finding; `proof` is a CpProof. A CpJudgeSink. Of the first round in which an expectation about the defect holds,
 * appends each of these expectations with the read that it is about. */
void cp_proof_add(const CpFinding *finding, gpointer proof);
