/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries patches of libvirt on known defects. */
#pragma once

#include "verbs/verb.h"

/**
 * Becomes scripts/try-patch for the patch of --patch, with the options that say how the defect `id` is tried. `corpus` is the folder
 * of the corpus, `release` the version of the installed libvirt or NULL. Returns only if that is not possible, with `error` set:
 * CP_ERROR_USAGE for an option that has no meaning with --patch, CP_ERROR_UNTESTABLE without the source tree.
 */
CpExit
cp_repro_patch(const CpOptions *options, const char *id, const char *corpus, const char *release, GError **error);
