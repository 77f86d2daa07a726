/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what is in an archive. */
#pragma once

#include <stdio.h>

#include "archive/series.h"
#include "show/markup.h"

/** Prints a table of results, the newest first, with a row per variant. */
gboolean cp_archive_print_list(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error);

/** How many series there are, and what is in them. */
typedef struct {
    guint series, too_short; /* too_short: the number of those with fewer than CP_CHANGE_POINT_MIN_N figures */
    guint open;              /* changes for the worse that are certain, stand and are not accepted */
} CpChangesSummary;

/** The changes of the series of an archive. */
typedef struct _CpArchiveChanges CpArchiveChanges;

/**
 * Finds the changes of all series that the filter takes. Of weak changes only those among the last CP_CHANGE_POINT_WINDOW figures are
 * kept, unless `whole`. CP_ERROR_UNTESTABLE if there is nothing that the filter takes. The caller owns them.
 */
CpArchiveChanges *cp_archive_changes_new(CpArchive *archive, const CpFilter *filter, gboolean whole, GError **error);
void cp_archive_changes_free(CpArchiveChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpArchiveChanges, cp_archive_changes_free)

/** Returns their summary, which belongs to them. */
const CpChangesSummary *cp_archive_changes_summary(const CpArchiveChanges *changes);

/** Prints the changes, the newest first: with the levels on both sides, and what differs between the environments of the results
 * before and after. */
void cp_archive_changes_print(const CpArchiveChanges *changes, FILE *out);

/** Writes the same as a section of a page; `changes` are CpArchiveChanges. See CpReportSection. */
void cp_archive_changes_write(CpMarkup *markup, gpointer changes);
