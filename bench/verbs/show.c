/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe show`: prints a result as a table, or in a format that other programs read. */
#include "base/output.h"
#include "show/formats.h"
#include "verbs/verb.h"

static CpFormat *
find_format(const char *name, GError **error)
{
    CpFormat *format = cp_format_find(name ? name : "table");
    g_autofree char *names = format ? NULL : cp_format_list();
    if (!format)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected %s", name, names);
    return format;
}

CpExit
cp_verb_show(const CpOptions *options, char **arguments, GError **error)
{
    CpFormat *format = find_format(options->format, error);
    g_autoptr(CpResult) result = format ? cp_result_load(arguments[0], error) : NULL;
    if (!result)
        return CP_EXIT_USAGE;
    if (!options->output) {
        format(result, stdout);
        return CP_EXIT_WELL;
    }
    g_autoptr(CpOutput) output = cp_output_begin(options->output, error);
    if (!output)
        return CP_EXIT_USAGE;
    format(result, cp_output_stream(output));
    return cp_output_commit(g_steal_pointer(&output), error) ? CP_EXIT_WELL : CP_EXIT_FAILED;
}
