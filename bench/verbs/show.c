/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe show`: prints a result as a table. */
#include "show/table.h"
#include "verbs/verb.h"

CpExit
cp_verb_show(const CpOptions *options G_GNUC_UNUSED, char **arguments, GError **error)
{
    g_autoptr(CpResult) result = cp_result_load(arguments[0], error);
    if (!result)
        return CP_EXIT_USAGE;
    cp_table_print(result, stdout);
    return CP_EXIT_WELL;
}
