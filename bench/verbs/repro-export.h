/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exports known defects as folders for a report. */
#pragma once

#include "verbs/repro-run.h"

/**
 * Makes the folder of --export for the defect of `repro`, and with --assets tries the defect and adds what was seen.
 * `environment` is the content of its file environment.json. Refused (CP_ERROR_USAGE) if the folder exists, and CP_ERROR_UNTESTABLE if a step of the scenario cannot
 * be exported.
 */
gboolean cp_repro_export(const CpReproSpec *spec, CpRepro *repro, const char *environment, GError **error);
