/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The program's tables, as the generators of the manual pages and the shell completions see them. The generators run on
 * the build machine, so they need nothing but the C library.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "verbs/commands.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *name, *arguments, *summary, *description;
} commands[] = {
#define CP_COMMAND(name, arguments, summary, description) { #name, arguments, summary, description },
#include "verbs/commands.def"
};

static const struct {
    const char *name, *type, *argument;
    unsigned commands;
    const char *text;
} options[] = {
#define CP_OPTION(name, type, member, argument, commands, text) { name, #type, argument, commands, text },
#include "verbs/commands.def"
};

/* Whether `command` takes `option`; both are indices. */
static inline bool
takes(size_t command, size_t option)
{
    return options[option].commands & 1u << command;
}
