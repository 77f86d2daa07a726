/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe merge`: joins the results of shards and machines into one. */
#include "measure/merge.h"
#include "verbs/verb.h"

CpExit
cp_verb_merge(const CpOptions *options, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) results = cp_results_load(arguments, error);
    g_autoptr(CpResult) merged = results ? cp_merge(results, (const char *const *)arguments, error) : NULL;
    if (!merged)
        return CP_EXIT_USAGE;
    return cp_result_save(merged, options->output ? options->output : "-", error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}
