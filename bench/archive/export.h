/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an archive, for other programs. */
#pragma once

#include <stdio.h>

#include "archive/series.h"

/** Prints the result `id` as it was added, byte for byte. CP_ERROR_USAGE if the archive has no such result. */
gboolean cp_archive_export_result(CpArchive *archive, gint64 id, FILE *out, GError **error);

/**
 * Prints the series that the filter takes as CSV for Apache Otava: a row per result, by time, with the columns time, commit (libvirt's
 * version), result, and "SCENARIO:LINE" for each series: times in ms, counts as they are, nothing if the result has none. They must
 * all be of one machine and variant (CP_ERROR_USAGE), since Otava takes a column for one series.
 */
gboolean cp_archive_export_csv(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error);

/**
 * Prints the series that the filter takes as JSON:
 *   schema    "capprobe.series/1"
 *   series[]  machine, variant, scenario, line, unit ("ns" or "per round"), points[] {time, result, value},
 *             changes[] {result, before, after, p, weak, fate (stands, went-away or returns), accepted}
 */
gboolean cp_archive_export_json(CpArchive *archive, const CpFilter *filter, FILE *out, GError **error);
