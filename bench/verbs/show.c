/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include "show/table.h"

static CpExit
run(int argc, char **argv, GError **error)
{
    if (argc != 1) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "show: expected one result file");
        return CP_EXIT_USAGE;
    }
    g_autoptr(CpResult) result = cp_result_load(argv[0], error);
    if (!result)
        return CP_EXIT_USAGE;
    cp_table_print(result, stdout);
    return CP_EXIT_WELL;
}

const CpVerb cp_verb_show = {
    .name = "show",
    .arguments = "RESULT",
    .summary = "show a result as a table",
    .description = "Shows a result that 'bench' or 'judge' wrote with --output.",
    .run = run,
};
