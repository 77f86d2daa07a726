/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judges a history in a file, of which only one event is in memory at a time. */
#pragma once

#include "history/stream.h"
#include "judge/judge.h"

/**
 * Judges the history as cp_judge() does. Nothing can be said of what `sink` has got if the result is NULL: the file was
 * changed while it was read.
 */
CpJudgement *
cp_judge_stream(CpHistoryStream *history, gboolean strict, CpJudgeSink *sink, gpointer data, GError **error);
