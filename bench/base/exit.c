/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of exit statuses. */
#include "base/exit.h"

const CpExitMeaning cp_exit_meanings[] = {
    { CP_EXIT_WELL, "success: every read was right" },
    { CP_EXIT_BAD, "a read was stale, torn or failed, or an expectation was not met" },
    { CP_EXIT_UNTESTABLE, "could not be tested here, or no decision is possible" },
    { CP_EXIT_INTERRUPTED, "interrupted" },
    { CP_EXIT_USAGE, "wrong usage or bad input" },
    { CP_EXIT_FAILED, "capprobe itself failed" },
    { 0, NULL },
};

gboolean
cp_exit_is_known(gint64 status)
{
    for (const CpExitMeaning *meaning = cp_exit_meanings; meaning->text; meaning++) {
        if ((gint64)meaning->status == status)
            return TRUE;
    }
    return FALSE;
}

char *
cp_exit_describe(void)
{
    GString *text = g_string_new(NULL);
    for (const CpExitMeaning *meaning = cp_exit_meanings; meaning->text; meaning++)
        g_string_append_printf(text, "  %3d  %s\n", (int)meaning->status, meaning->text);
    return g_string_free(text, FALSE);
}
