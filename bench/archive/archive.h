/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The archive: an SQLite database with the results of many runs. */
/*
 *   result       a run: id, time_us (of its begin, since 1970), seed, machine, digest of the document
 *   document     the whole text of a result, as it was added
 *   environment  what was tested, on what: text (JSON, without what differs from run to run), target, libvirt, emulator. Each is
 *                kept once
 *   part         what a result says about a variant: result, variant, environment, rounds, wrong (the number of reads)
 *   series       machine, variant, scenario, metric, is_time: what figures are compared over time. The time of a line is the median in
 *                ns, its metric the label of the line or "line N"; of counts it is "wrong per round" and such
 *   figure       series, result, environment, value
 *   note         result, text
 *   baseline     series, time_us: its changes up to this time are accepted
 *
 * Time is that of the run, not that of adding it. Every change is one transaction, which is on the disk when the function
 * returns; several processes can add at the same time. `PRAGMA user_version` is the number of the schema.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct {
    char *file;
    sqlite3 *sqlite;
} CpArchive;

/** Returns the file that is used if none is named: capprobe/history.db in $XDG_STATE_HOME or ~/.local/state. The caller owns it. */
char *cp_archive_default_file(void);

/**
 * Opens an archive, and brings it to the present schema. If `create` is TRUE, an archive that does not exist is made, with its
 * folder. CP_ERROR_USAGE if the file is not an archive, is damaged, or has a newer schema; CP_ERROR_FAILED if another process
 * writes to it for more than half a minute, or on any other failure. The messages name the file.
 */
CpArchive *cp_archive_open(const char *file, gboolean create, GError **error);
void cp_archive_close(CpArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpArchive, cp_archive_close)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/**
 * Prepares an SQL statement. Each character of `types` is the type of a parameter, whose value follows: 'i' a gint64, 'f' a
 * double, 's' a text, which must stay until the statement is freed.
 */
sqlite3_stmt *cp_archive_prepare(CpArchive *archive, GError **error, const char *sql, const char *types, ...);

/** Goes to the next row of the statement; `row` becomes FALSE after the last one. */
gboolean cp_archive_step(CpArchive *archive, sqlite3_stmt *statement, gboolean *row, GError **error);

/** Carries out a statement with parameters as above. */
gboolean cp_archive_execute(CpArchive *archive, GError **error, const char *sql, const char *types, ...);

/** Carries out a statement that has one number for a result. */
gboolean cp_archive_number(CpArchive *archive, gint64 *number, GError **error, const char *sql, const char *types, ...);

/** Carries out a statement that has rows of a number and a text. Returns the texts by their numbers: gint64 -> char *. The caller owns
 * the table. */
GHashTable *cp_archive_texts(CpArchive *archive, GError **error, const char *sql);

/** Writes a time as "2026-11-26 13:17", UTC. The caller owns it. */
char *cp_archive_format_time(gint64 time_us);

/** Begins a transaction for writing. Waits for other writers. */
gboolean cp_archive_begin(CpArchive *archive, GError **error);

/** Ends the transaction: as it was meant if `good`, which then has to reach the disk, else without any effect. Returns whether
 * it has an effect. */
gboolean cp_archive_end(CpArchive *archive, gboolean good, GError **error);
