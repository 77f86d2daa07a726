/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries known defects on the libvirt at hand: their scenarios, or their inputs with the fuzz targets. */
#pragma once

#include "measure/repro.h"
#include "verbs/run-scenarios.h"

/** What all tries of a call have in common. Pointers are borrowed. */
typedef struct {
    const CpOptions *options;
    gint64 runs;         /* of each defect, at most */
    gint64 deadline_ns;  /* of one run of a fuzz target */
    const char *fuzz;    /* the folder that `scripts/fuzz` has built; NULL if it is not known */
    const char *no_fuzz; /* then: why, with what to do about it */
} CpReproSpec;

/**
 * Tries the defect of `repro`, until it has shown often enough or has been tried often enough, and fills in the outcome.
 * Returns FALSE with `error` set if the options are wrong.
 */
gboolean cp_repro_try(const CpReproSpec *spec, CpRepro *repro, GError **error);

/** Runs `rounds` rounds of the scenario of the defect, as cp_run_scenarios() does. `history` is a file for it, or NULL. */
gboolean cp_repro_run_scenario(const CpReproSpec *spec,
                               const CpRepro *repro,
                               gint64 rounds,
                               const char *history,
                               CpRunRecord *run,
                               GError **error);
