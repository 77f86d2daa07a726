/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on the private host, carried out as its administrator would. Run in the sandbox's init. */
#pragma once

#include "run/host/host.h"

/** The environment of such a command, with `variables` as below. Free with g_strfreev(). */
GStrv cp_host_command_environment(const CpHost *host, const char *const *variables);

/**
 * Carries out the command `argv` within the host's limit; messages call it `name`. `variables` has names and values of
 * environment variables in turns, and ends with NULL; or it is NULL. Returns FALSE with CP_ERROR_UNTESTABLE if the command
 * cannot be executed, does not end in time, or has an exit status other than 0; the last is no mistake if `anyway`.
 */
gboolean cp_host_run_command(
    CpHost *host, const char *name, char **argv, const char *const *variables, gboolean anyway, GError **error);

/** If the module directory's time is not one that the kernel gave it since `begin_us` (since 1970), a command has set it, or
 * has put another directory in its place; then the time stays also under `clock step`. */
void cp_host_keep_time(CpHost *host, gint64 begin_us);
