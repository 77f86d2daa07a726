/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe ops`: lists the steps that a scenario can have. */
#include "scenario/operation-table.h"
#include "show/grid.h"
#include "verbs/verb.h"

CpExit
cp_verb_ops(const CpOptions *options G_GNUC_UNUSED, char **arguments G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    static const char *const heads[] = { "<step", "<acts on", "<undone by", "<what it does", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);

    for (CpOp op = 0; op < CP_OP_LAST; op++) {
        const CpOperation *operation = cp_operation(op);
        g_auto(GStrv) forms = g_strsplit(*operation->arguments ? operation->arguments : " ", "|", -1);
        for (char **form = forms; *form; form++) {
            gboolean first = form == forms;
            cp_grid_add(grid, "%s %s", operation->word, g_strstrip(*form));
            cp_grid_add(grid, "%s",
                        !first                                ? ""
                        : operation->effect == CP_EFFECT_NONE ? "-"
                                                              : cp_effect_name(operation->effect));
            cp_grid_add(grid, "%s", !first ? "" : *operation->undo ? operation->undo : "-");
            cp_grid_add(grid, "%s", first ? operation->summary : "");
        }
    }
    cp_grid_print(grid, stdout);
    return CP_EXIT_WELL;
}
