/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `bench` and `replay` share: they run scenarios as the options say and write files only if there is something to write. */
#pragma once

#include "judge/judge.h"
#include "scenario/scenario.h"
#include "verbs/verb.h"

/**
 * Runs `scenarios`, shows progress on standard error, and judges. `default_rounds` is for a missing --rounds. Writes
 * the history to --history. If that fails, prints the reason, sets `written` to FALSE and goes on.
 *
 * The caller owns the judgement. NULL with `error` set if nothing could be run.
 */
CpJudgement *cp_run_scenarios(
    const CpOptions *options, const GPtrArray *scenarios, gint64 default_rounds, gboolean *written, GError **error);

/**
 * Returns whether `file`, the value of --output or --history, is to be written. It is not if it was not given, or if it
 * exists and the run was interrupted before its first complete round: then prints that the file is left as it was.
 */
gboolean cp_run_is_kept(const GPtrArray *history, const char *file);
