/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people say about results in an archive: notes, and accepted changes. */
#pragma once

#include "archive/series.h"

/** Adds a note to the result `id`. CP_ERROR_USAGE if there is no such result. */
gboolean cp_archive_note(CpArchive *archive, gint64 id, const char *note, GError **error);

/**
 * Accepts all changes up to the result `id`, or up to the newest of each series if `id` is 0, of the series that the filter takes and
 * that have a figure in this result. `n` becomes the number of series. An earlier result than before takes back what was
 * accepted since. CP_ERROR_USAGE if there is no such result or series.
 */
gboolean cp_archive_accept(CpArchive *archive, gint64 id, const CpFilter *filter, guint *n, GError **error);
