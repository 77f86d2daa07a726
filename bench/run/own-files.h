/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where capprobe's own files are: the client program and the corpus. Runs in the caller. */
#pragma once

#include <glib.h>

/**
 * Returns the path of capprobe-client: beside the program in a build folder, below libexecdir in an installed tree.
 * The caller owns it. NULL with CP_ERROR_FAILED if it is in neither place, CP_ERROR_UNTESTABLE without /proc.
 */
char *cp_own_client(GError **error);

/**
 * Returns the folder that holds scenarios/ and bugs/: `corpus` beside the program in a build folder, capprobe/ below
 * datadir in an installed tree. The caller owns it. NULL with CP_ERROR_FAILED if it is in neither place, CP_ERROR_UNTESTABLE without /proc.
 */
char *cp_own_corpus(GError **error);
