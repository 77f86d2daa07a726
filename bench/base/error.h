/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of errors, and the exit status of each. */
#pragma once

#include "base/exit.h"

typedef enum {
    CP_ERROR_USAGE,      /* wrong usage or bad input: CP_EXIT_USAGE */
    CP_ERROR_UNTESTABLE, /* this host lacks something: CP_EXIT_UNTESTABLE */
    CP_ERROR_FAILED,     /* anything else: CP_EXIT_FAILED */
} CpError;

#define CP_ERROR (cp_error_quark())
GQuark cp_error_quark(void);

/** Returns the exit status for `error`. Wrong options count as usage; other domains count as CP_ERROR_FAILED. */
CpExit cp_error_exit(const GError *error);

/** Sets `error` to the formatted text `what`, a colon and the text of errno `number`. Always returns FALSE. */
gboolean cp_error_set_errno(GError **error, CpError code, int number, const char *what, ...) G_GNUC_PRINTF(4, 5);
