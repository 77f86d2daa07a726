/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the daemons of a target. Runs in the caller. */
#pragma once

#include "run/find.h"
#include "run/libvirt/target.h"

/**
 * Returns the paths, in the tree, of the daemons of `target`, as in CpConnectionSpec; free with g_strfreev(). With `--libvirt` they are those
 * of that build, which are beside its libraries or in the sbin of its prefix, and never those of the system. CP_ERROR_UNTESTABLE, with
 * what to do about it, if one is missing, or if the target needs root.
 */
GStrv cp_find_daemons(const CpFound *found, const CpTarget *target, GError **error);
