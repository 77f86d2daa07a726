/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history of a run: events are written as they come, and are read again from the file when the run is judged. */
#pragma once

#include "base/output.h"
#include "history/stream.h"

typedef struct _CpHistoryFile CpHistoryFile;

/**
 * Makes a history that is written to `path`, the value of --history, which may be NULL. Nothing is opened before the first
 * event. What cannot be read from `path` again (it is a pipe, a device, standard output, or NULL) goes to a temporary file
 * as well. What no file has space for is kept in memory, so that the run can be judged in any case.
 */
CpHistoryFile *cp_history_file_new(const char *path);

/**
 * Writes an event. The file gets its name when the run has begun, or when its first round is complete if there is an
 * earlier file, which it replaces. From then on it has every event of before after each call. Does nothing after a failure.
 */
void cp_history_file_write(CpHistoryFile *file, const CpEvent *event);

/** Returns whether the file has its name. */
gboolean cp_history_file_is_published(const CpHistoryFile *file);

/**
 * Ends the file at `path`: if `keep` is set or if it has its name, it is complete. Otherwise an earlier file stays as it is.
 * FALSE with `error` set if any event could not be written there; the history can be read nevertheless.
 */
gboolean cp_history_file_end(CpHistoryFile *file, gboolean keep, GError **error);

/** Returns the events, to be read after the end; the caller owns the stream. NULL with `error` set (CP_ERROR_FAILED) if they
 * could not be kept. To be called once. */
CpHistoryStream *cp_history_file_read(CpHistoryFile *file, GError **error);

/** Frees it. If the file does not have its name, an earlier file stays as it is. */
void cp_history_file_free(CpHistoryFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHistoryFile, cp_history_file_free)
