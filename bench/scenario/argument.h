/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of steps, as the parser of scenarios reads them. */
#pragma once

#include "scenario/scenario.h"

/**
 * Checks argument `arg` of `step` against the placeholder of its form, and takes its value. `quoted`: it stands in double
 * quotes. Returns FALSE with `error` set as by cp_scenario_refuse() if it does not fit.
 */
gboolean cp_argument_read(
    const CpScenario *scenario, CpStep *step, int arg, const char *placeholder, gboolean quoted, GError **error);

/** Returns the start of a word, for a message. The caller owns it. */
char *cp_argument_shorten(const char *word);
