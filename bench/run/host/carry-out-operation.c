/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries out one operation on the private host. Runs in the sandbox's init. */
#include "run/host/carry-out-operation.h"

#include "base/error.h"
#include "run/host/module-directory.h"
#include "run/host/operation-functions.h"

static CpOperate *const functions[CP_OP_LAST] = {
#define CP_OPERATION(id, word, arguments, effect, changes, undo, summary)                                              \
    CP_IF_ON_HOST_##effect([CP_OP_##id] = cp_operate_##id, )
#include "scenario/operation-table.def"
#undef CP_OPERATION
};

static gboolean
carry_out(CpHost *host, const CpStep *step, GError **error)
{
    const char *module = cp_step_module(step, NULL);
    return (!module || cp_module_check_readable(host, module, error)) &&
           functions[step->operation->op](host, step, error);
}

gboolean
cp_operate(CpHost *host, const CpScenario *scenario, const CpStep *step, GError **error)
{
    g_autoptr(GError) cause = NULL;

    cp_module_dir_note(host);
    host->modules_changed |= step->operation->effect == CP_EFFECT_MODULES || step->operation->effect == CP_EFFECT_ANY;
    if (carry_out(host, step, &cause))
        return cp_module_dir_advance_time(host, error);

    CpError code = g_error_matches(cause, CP_ERROR, CP_ERROR_USAGE) ? CP_ERROR_USAGE : CP_ERROR_UNTESTABLE;
    g_set_error(error, CP_ERROR, code, "%s:%u:%u: '%s': %s", scenario->file, step->line, step->columns[0],
                step->operation->word, cause->message);
    return FALSE;
}
