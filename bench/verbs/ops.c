/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include "scenario/operation-table.h"
#include "show/grid.h"

static CpExit
run(int argc, char **argv, GError **error)
{
    static const char *const heads[] = { "<step", "<acts on", "<undone by", "<what it does", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);

    if (argc > 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "ops: '%s': no argument expected", argv[0]);
        return CP_EXIT_USAGE;
    }
    for (CpOp op = 0; op < CP_OP_LAST; op++) {
        const CpOperation *operation = cp_operation(op);
        cp_grid_add(grid, "%s %s", operation->word, operation->arguments);
        cp_grid_add(grid, "%s", operation->effect == CP_EFFECT_NONE ? "-" : cp_effect_name(operation->effect));
        cp_grid_add(grid, "%s", *operation->undo ? operation->undo : "-");
        cp_grid_add(grid, "%s", operation->summary);
    }
    cp_grid_print(grid, stdout);
    return CP_EXIT_WELL;
}

const CpVerb cp_verb_ops = {
    .name = "ops",
    .summary = "list the steps that a scenario may take",
    .description =
        "Lists every word of a scenario with its arguments. Words in capitals are to be filled in; a MODULE is named "
        "by its file\n"
        "without '.so', a DURATION is written 200ms or 2s, a '{' opens a block that a '}' on a line of its own closes.",
    .run = run,
};
