/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The manual page, made of the verbs' own tables.
 */
#include "verbs/verb.h"

#include "config.h"
#include "scenario/operation-table.h"

/* Prints text in which nothing is a roff command. */
static void
print_text(const char *text)
{
    gboolean line_start = TRUE;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            g_print("\\&");
        if (*text == '\\')
            g_print("\\e");
        else if (*text == '-')
            g_print("\\-");
        else
            g_print("%c", *text);
        line_start = *text == '\n';
    }
}

static void
print_option(const GOptionEntry *option)
{
    g_print(".TP\n.B ");
    if (option->short_name) {
        g_print("\\-%c, ", option->short_name);
    }
    g_print("\\-\\-");
    print_text(option->long_name);
    if (option->arg_description) {
        g_print(" \\fI");
        print_text(option->arg_description);
        g_print("\\fR");
    }
    g_print("\n");
    print_text(option->description);
    g_print("\n");
}

static void
print_verb(const CpVerb *verb)
{
    g_print(".SS capprobe %s", verb->name);
    if (verb->options)
        g_print(" [OPTION]...");
    g_print(" %s\n", verb->arguments ? verb->arguments : "");
    print_text(verb->description);
    g_print("\n");
    for (const GOptionEntry *option = verb->options; option && option->long_name; option++)
        print_option(option);
}

void
cp_verb_print_manual(const CpVerb *const *verbs)
{
    g_print(".TH CAPPROBE 1 \"\" \"capprobe " CP_VERSION "\"\n"
            ".SH NAME\ncapprobe \\- measure and judge how libvirt refreshes its domain capabilities\n"
            ".SH SYNOPSIS\n.B capprobe\n.I VERB\n[\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
            ".SH DESCRIPTION\n"
            "When QEMU's modules change, how long until libvirt's domain capabilities are right again, and are they "
            "ever wrong?\n"
            "capprobe disturbs a private copy of the modules within namespaces, asks the real libvirt what it "
            "believes, and compares\n"
            "that with what the same libvirt says with an empty cache. Nothing of the host is changed.\n"
            ".SH VERBS\n");
    for (; *verbs; verbs++)
        print_verb(*verbs);

    g_print(".SH SCENARIOS\nA scenario is a text file, one step a line. A '#' begins a comment, a '}' on a line of its "
            "own ends a block.\n");
    for (CpOp op = 0; op < CP_OP_LAST; op++) {
        const CpOperation *operation = cp_operation(op);
        g_print(".TP\n.B ");
        print_text(operation->word);
        g_print(" \\fR");
        print_text(operation->arguments);
        g_print("\n");
        print_text(operation->summary);
        g_print("\n");
    }
    g_print(".SH EXIT STATUS\n"
            ".TP\n0\nall well\n"
            ".TP\n1\na stale, torn or failed read, or an expectation that does not hold\n"
            ".TP\n125\ncould not be tested here, or no decision is possible\n"
            ".TP\n130\ninterrupted\n"
            ".TP\n254\nwrong usage or bad input\n"
            ".TP\n255\ncapprobe itself failed\n");
}
