/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks up exit statuses and prints them for --help. */
#include "base/exit.h"

const CpExitMeaning cp_exit_meanings[] = {
#define CP_EXIT_STATUS(id, status, meaning) { CP_EXIT_##id, meaning },
#include "base/exit.def"
#undef CP_EXIT_STATUS
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
