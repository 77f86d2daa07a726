/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Merging: the results of shards, and of several machines, become one. */
#pragma once

#include "measure/result.h"

/**
 * Joins results of one run. `names` has the name of each in messages.
 *
 * All must have the same seed, KVM, question and user, so that they can be of one run; if some are shards, each shard must be
 * there, on whatever machine. Results of one machine, which is
 * what `host` in the environment says without the load, must agree in everything that was tested and in the variants, and no
 * scenario may be in two of them. They are joined scenario by
 * scenario.
 *
 * Results of different machines are kept apart: each machine's are variants, called MACHINE, or VARIANT+MACHINE if they were
 * variants before, with an environment of their own. MACHINE is made of the name of its processor. A scenario must have the same
 * text on all machines.
 *
 * The run as a whole is what the worst of its parts is: if libvirt was wrong in one, another that cannot be judged does not
 * hide that.
 *
 * Takes the scenarios out of `results`, an array of CpResult, also if it fails. NULL with `error` set (CP_ERROR_USAGE,
 * "NAME: ...") if they cannot be joined.
 */
CpResult *cp_merge(const GPtrArray *results, const char *const *names, GError **error);
