/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reproductions: how often a known defect showed when it was tried several times. */
#pragma once

#include "base/exit.h"
#include "catalogue/bug.h"

/** A defect is tried at most so often, and not again once it has shown CP_REPRO_HITS times. */
#define CP_REPRO_RUNS 10
#define CP_REPRO_HITS 3

typedef struct {
    const CpBug *bug; /* borrowed */
    CpBugForecast forecast;
    gboolean by_input; /* it was tried with the input of a fuzz target, not with a scenario */
    gint64 hits, runs; /* how often it showed, and how often it was tried */
    char *reason;      /* why a run did not tell whether it shows; NULL if each did */
    CpExit broken;     /* CP_EXIT_INTERRUPTED or CP_EXIT_FAILED if it was not tried to the end; else 0 */
    GString *proof;    /* lines that show the defect: what is wrong in a run, or the report of a sanitizer */
    gint64 wall_ns;    /* the time that all runs took */
} CpRepro;

CpRepro *cp_repro_new(const CpBug *bug, CpBugForecast forecast);
void cp_repro_free(CpRepro *repro);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpRepro, cp_repro_free)

/** Returns how often to try it next, before the outcome is looked at again: as often as it may yet be tried, but not so
 * often that it could show more than CP_REPRO_HITS times. 0 if it has been tried often enough. `max` is the number of
 * runs in all. */
gint64 cp_repro_next(const CpRepro *repro, gint64 max);

/** Keeps the first reason why a run did not tell whether the defect shows. */
void cp_repro_set_reason(CpRepro *repro, const char *reason);

/** CP_EXIT_BAD if the defect showed at least once, CP_EXIT_WELL if it did not, CP_EXIT_UNTESTABLE if that cannot be told;
 * `broken` goes before all of them. */
CpExit cp_repro_exit(const CpRepro *repro);

/** The outcome in words: "reproduced", "not reproduced", "untestable", "interrupted" or "failed". */
const char *cp_repro_outcome(const CpRepro *repro);

/** Returns the exit status for several, an array of CpRepro: that of the first which was interrupted or failed; else
 * CP_EXIT_BAD if one defect showed; else CP_EXIT_UNTESTABLE if one could not be tried; else CP_EXIT_WELL. */
CpExit cp_repros_exit(const GPtrArray *repros);
