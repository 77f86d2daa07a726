/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of errors, and the exit status of each. */
#include "base/error.h"

G_DEFINE_QUARK(cp - error, cp_error)

CpExit
cp_error_exit(const GError *error)
{
    if (error->domain == G_OPTION_ERROR || g_error_matches(error, CP_ERROR, CP_ERROR_USAGE))
        return CP_EXIT_USAGE;
    if (g_error_matches(error, CP_ERROR, CP_ERROR_UNTESTABLE))
        return CP_EXIT_UNTESTABLE;
    return CP_EXIT_FAILED;
}

gboolean
cp_error_set_errno(GError **error, CpError code, int number, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    g_autofree char *text = g_strdup_vprintf(what, args);
    va_end(args);

    g_set_error(error, CP_ERROR, code, "%s: %s", text, g_strerror(number));
    return FALSE;
}
