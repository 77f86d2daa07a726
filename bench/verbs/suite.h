/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which scenarios are to be run: those of a suite, or of the files that were named. */
#pragma once

#include "verbs/verb.h"

/** Adds the scenarios that the options --suite, --scenario and --shard say to `scenarios`, an empty array of CpScenario that
 * frees them. CP_ERROR_USAGE if both of the first two were given, if there is no such suite, if two scenarios have the same
 * name, or if the shard has no scenario. */
gboolean cp_suite_collect(const CpOptions *options, GPtrArray *scenarios, GError **error);
