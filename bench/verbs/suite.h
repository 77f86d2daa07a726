/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which scenarios are to be run: those of a suite, or of the files that were named. */
#pragma once

#include "verbs/verb.h"

/** Adds the scenarios that the options --suite and --scenario say to `scenarios`, an array of CpScenario. CP_ERROR_USAGE if
 * both were given, if there is no such suite, or if two scenarios have the same name. */
gboolean cp_suite_collect(const CpOptions *options, GPtrArray *scenarios, GError **error);
