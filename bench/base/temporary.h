/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary files: they have no name, so nothing is left of them. */
#pragma once

#include <stdio.h>

#include <glib.h>

/** Opens an empty file to be written and read, in the folder of $TMPDIR or in /tmp. NULL with `error` set (CP_ERROR_FAILED)
 * if that is not possible. The caller closes it. */
FILE *cp_temporary_open(GError **error);
