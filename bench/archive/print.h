/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what is in an archive. */
#pragma once

#include <stdio.h>

#include "archive/series.h"

/** Prints a table of results, the newest first, with a row per variant. */
gboolean cp_archive_print_list(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error);

/** How many series there are, and what is in them. */
typedef struct {
    guint series, too_short; /* too_short: the number of those with fewer than CP_CHANGE_POINT_MIN_N figures */
    guint open;              /* changes for the worse that are certain, stand and are not accepted */
} CpChangesSummary;

/**
 * Prints the changes of all series that the filter takes, the newest first: with the levels on both sides, and what differs between the
 * environments of the results before and after. Of weak changes only those among the last CP_CHANGE_POINT_WINDOW figures are printed,
 * unless `whole`. CP_ERROR_UNTESTABLE if there is nothing that the filter takes.
 */
gboolean cp_archive_print_changes(
    CpArchive *archive, const CpFilter *filter, gboolean whole, FILE *out, CpChangesSummary *summary, GError **error);
