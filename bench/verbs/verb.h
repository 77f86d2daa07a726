/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of the program: their functions, the values of their options, and how one is run. */
#pragma once

#include <glib.h>

#include "base/error.h"
#include "base/shard.h"
#include "verbs/commands.h"

/** The values of all options in commands.def. NULL or FALSE if the option was not given. */
typedef struct {
    char *a, *arch, *b, *confirm, *connect, *db, *deadline, *emulator, *every, *exit, *export, *floor, *format, *fuzz,
        *history, *keep, *kvm, *libvirt, *limit, *line, *log, *machine, *modules, *note, *output, *patch, *precision,
        *rounds, *second, *seed, *shard, *src, *suite, *target, *threshold, *tree, *virttype;
    char **allowed, **emulators, **hidden, **libvirts, **scenarios, **seconds, **targets, **trees, **variants,
        **writable;
    gboolean accept, all, all_emulators, assets, cost, explain, gate, once, plain, profile, restart, self, strict,
        whole;
} CpOptions;

/**
 * The functions of the commands. `arguments` is NULL-terminated, and has as many members as the command's row says.
 * Returns the exit status; if `error` is set, the status of the error counts.
 */
#define CP_COMMAND(name, ...) CpExit cp_verb_##name(const CpOptions *options, char **arguments, GError **error);
#include "verbs/commands.def"

/** Returns the number of the command `name`, or -1. */
int cp_verb_find(const char *name);

/**
 * Parses options and runs the command. `argv[0]` is its name. Returns the exit status; if `error` is set, the status of
 * the error counts. `*style` becomes what --exit says, and stays as it is without that option.
 */
CpExit cp_verb_run(int command, int argc, char **argv, CpExitStyle *style, GError **error);

/** Prints the list of commands, for `capprobe --help`. */
void cp_verb_print_list(void);

/** Prints what `capprobe COMMAND --help` shows. */
void cp_verb_print_help(int command);

/** Prints `error` on standard error as one line. */
void cp_verb_complain(const GError *error);

/**
 * Reads the duration that was given to the option `name`, or takes `value` if `text` is NULL. CP_ERROR_USAGE with the
 * range if it is not one.
 */
gboolean cp_option_duration(const char *name, const char *text, gint64 value_ns, gint64 *ns, GError **error);

/**
 * Reads the number that was given to the option `name`, or takes `value` if `text` is NULL. CP_ERROR_USAGE with the
 * range if it is not a number from `min` to `max`.
 */
gboolean cp_option_number(
    const char *name, const char *text, gint64 min, gint64 max, gint64 value, gint64 *number, GError **error);

/** Reads the value of --shard; NULL is the whole. CP_ERROR_USAGE if it is not a shard. */
gboolean cp_option_shard(const char *text, CpShard *shard, GError **error);
