/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explains how a scenario shows its defect. */
#pragma once

#include "verbs/repro-run.h"

/** Runs the scenario of the defect once and prints its steps, what libvirt compared before each answer, and the truth. Returns the exit
 * status; if `error` is set, the status of the error counts. Refused (CP_ERROR_USAGE) if the defect has no scenario. */
CpExit cp_repro_explain(const CpReproSpec *spec, const CpRepro *repro, GError **error);
