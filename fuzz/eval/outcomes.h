/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outcomes of an evaluation: which fuzzer found which planted defect, in which trial, and how fast. */
#pragma once

#include "measure/statistics.h"

/** The largest number of trials of one fuzzer on one mutant. */
#define CP_TRIALS_MAX (CP_RANK_TEST_MAX_N / 2)

/** The trials of one fuzzer on one mutant. */
typedef struct {
    double times[CP_TRIALS_MAX]; /* CPU seconds until the defect was found; the full time of a trial if it was not */
    double spent[CP_TRIALS_MAX]; /* CPU seconds used */
    gboolean found[CP_TRIALS_MAX];
    gboolean ended_early[CP_TRIALS_MAX]; /* the defect was not found, and less than the full time was used */
    gboolean done[CP_TRIALS_MAX];
    gboolean found_by_seeds; /* without any mutation */
} CpTrials;

/** A mutant: libvirt's loader with one planted defect. */
typedef struct {
    char *id;
    char *kind;
    const char *unit_tests; /* whether libvirt's unit tests find the defect: "yes", "no", or "?" if they were not run */
    CpTrials *trials;       /* one element per fuzzer */
} CpMutant;

/** All outcomes. */
typedef struct {
    GPtrArray *mutants;         /* of CpMutant, not empty */
    const char *const *fuzzers; /* names, NULL-terminated; borrowed; the first is the baseline */
    guint n_fuzzers;
} CpOutcomes;

/**
 * Reads the table of mutants and the file of outcomes. A line of outcomes has these fields, separated by tabs: key,
 * fuzzer, mutant, trial (0: the seeds alone), seed, "found" or "missed", CPU seconds, executions, what was seen. The
 * fuzzer "unit" stands for libvirt's unit tests. Lines about other mutants or fuzzers are ignored, and so are trials that
 * were ended too early to be compared. `seconds` is the full CPU time of a trial. The caller owns the outcomes.
 */
CpOutcomes *cp_outcomes_read(
    const char *mutants_file, const char *outcomes_file, const char *const *fuzzers, double seconds, GError **error);
void cp_outcomes_free(CpOutcomes *outcomes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpOutcomes, cp_outcomes_free)

/** Returns mutant number `i`. The outcomes own it. */
const CpMutant *cp_outcomes_mutant(const CpOutcomes *outcomes, guint i);

/** Returns how many trials every fuzzer has done on every mutant. */
guint cp_outcomes_count_trials(const CpOutcomes *outcomes);
