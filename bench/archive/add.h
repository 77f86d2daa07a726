/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds results to an archive. */
#pragma once

#include "archive/archive.h"

/** What came of adding a result. */
typedef struct {
    gint64 id;      /* its number in the archive */
    gboolean known; /* the archive had it already; nothing was changed */
} CpAdded;

/**
 * Adds the result in `file`, all of it or nothing. `machine` is the name of the machine that it is from; NULL for what the
 * result says of its processors. CP_ERROR_USAGE if the file is not a result, says no time, or is of a run that the archive has with
 * other figures; CP_ERROR_FAILED if it cannot be written.
 */
gboolean cp_archive_add(CpArchive *archive, const char *file, const char *machine, CpAdded *added, GError **error);
