/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must hold so that results can be merged. For merge.c only. */
#pragma once

#include "measure/result.h"

/** Whether two results are of one machine: the same `host`, whatever its load was. */
gboolean cp_merge_same_machine(const CpResult *a, const CpResult *b);

/** Returns a copy of an environment without the shard. The caller owns it. */
JsonObject *cp_merge_environment(JsonObject *environment);

/** Removes from the environment of a run what differs from machine to machine. */
void cp_merge_keep_shared(JsonObject *environment);

/**
 * Checks that the results of machine `machine` can be joined scenario by scenario. `machine_of` has the number of the machine
 * of each result. CP_ERROR_USAGE if they cannot.
 */
gboolean cp_merge_check_machine(
    const GPtrArray *results, const char *const *names, const guint *machine_of, guint machine, GError **error);

/** Checks that all results can be of one run. CP_ERROR_USAGE if they cannot. */
gboolean cp_merge_check_run(const GPtrArray *results, const char *const *names, GError **error);
