/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `bench` and `replay` share: they run scenarios as the options say and write files only if there is something to write. */
#pragma once

#include "judge/judge-stream.h"
#include "run/run.h"
#include "scenario/scenario.h"
#include "show/progress.h"
#include "verbs/verb.h"

/** What a run has left. */
typedef struct {
    CpHistoryStream *history;
    gboolean written; /* to --history, or that is not wanted */
    gboolean in_vain; /* it was interrupted before its first complete round */
} CpRunRecord;

void cp_run_record_clear(CpRunRecord *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CpRunRecord, cp_run_record_clear)

/** Fills `spec` with what the options say, but for scenarios and variants. `default_rounds` is for a missing --rounds. */
gboolean cp_run_read_options(const CpOptions *options, gint64 default_rounds, CpRunSpec *spec, GError **error);

/**
 * Runs what `spec` says and writes the history to `path`, or if that is NULL to a temporary file. If it cannot be written,
 * prints the reason, sets `run->written` to FALSE and goes on. Events are written as they come and not kept in memory.
 * `progress` may be NULL. `run`, which is all zero before, is filled in.
 *
 * Returns FALSE with `error` set if nothing could be run.
 */
gboolean
cp_run_recorded(const CpRunSpec *spec, const char *path, CpProgress *progress, CpRunRecord *run, GError **error);

/**
 * Runs `scenarios` and shows progress on standard error. `default_rounds` is for a missing --rounds. Otherwise as
 * cp_run_recorded().
 */
gboolean cp_run_scenarios(
    const CpOptions *options, const GPtrArray *scenarios, gint64 default_rounds, CpRunRecord *run, GError **error);

/**
 * Returns whether `file`, the value of --output or --history, is to be written. It is not if it was not given, or if it
 * exists and the run was interrupted before its first complete round: then prints that the file is left as it was.
 */
gboolean cp_run_is_kept(const CpRunRecord *run, const char *file);
