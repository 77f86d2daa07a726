/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A verb of the command line: its option table, its text, its function. main.c lists them all.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
    const char *name;
    const char *arguments;   /* what follows the options: "FILE" */
    const char *summary;     /* half a line */
    const char *description; /* a few paragraphs, for --help and the manual */
    const GOptionEntry *options;
    CpExit (*run)(int argc, char **argv, GError **error); /* argv: what follows the options */
} CpVerb;

extern const CpVerb cp_verb_bench, cp_verb_replay, cp_verb_judge, cp_verb_show, cp_verb_ops, cp_verb_doctor,
    cp_verb_sandbox;

/** Parses options and runs `verb`; `argv` begins with its name. An error is printed. Returns the exit status. */
CpExit cp_verb_run(const CpVerb *verb, int argc, char **argv);

/** Prints the manual page of all verbs (NULL-terminated), as roff. */
void cp_verb_print_manual(const CpVerb *const *verbs);
