/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

CpExit
cp_verb_run(const CpVerb *verb, int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(verb->arguments);
    g_autofree char *name = g_strdup_printf("capprobe %s", verb->name);
    g_autoptr(GError) error = NULL;

    g_set_prgname(name);
    g_option_context_set_summary(context, verb->description);
    if (verb->options)
        g_option_context_add_main_entries(context, verb->options, NULL);

    CpExit status = CP_EXIT_USAGE;
    if (g_option_context_parse(context, &argc, &argv, &error))
        status = verb->run(argc - 1, argv + 1, &error);
    if (!error)
        return status;

    g_printerr("capprobe: %s\n", error->message);
    if (error->domain == G_OPTION_ERROR)
        g_printerr("'%s --help' lists the options\n", name);
    return cp_error_exit(error);
}
