/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who runs capprobe: steps whose outcome depends on whether that is root. */
#pragma once

#include "judge/judge.h"

typedef struct _CpWhoRuns CpWhoRuns;

CpWhoRuns *cp_who_runs_new(void);
void cp_who_runs_free(CpWhoRuns *who_runs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpWhoRuns, cp_who_runs_free)

/** Takes the next finding. */
void cp_who_runs_add(CpWhoRuns *who_runs, const CpFinding *finding);

/** Adds one line for each line of a scenario that takes from the file's owner the right to read it. */
void cp_who_runs_describe(const CpWhoRuns *who_runs, GStrvBuilder *lines);
