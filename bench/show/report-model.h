/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report shows: results side by side, scenario by scenario, line by line. */
#pragma once

#include "measure/outcome.h"
#include "measure/story.h"
#include "show/plots.h"

/** What was tested beside others: a variant of a result, or all of a result that has no variants. */
typedef struct {
    const CpResult *result;  /* borrowed */
    const char *variant;     /* NULL if it has none; borrowed */
    JsonObject *environment; /* borrowed */
    char *name;              /* "" if there is only one */
} CpSide;

/** A measured line of a scenario. */
typedef struct {
    gint64 line;
    char *label;          /* "" if it has none */
    CpSummary *summaries; /* one for each side; those without samples have an n of 0 */
    gboolean plotted;     /* there are enough samples for plots: then their numbers follow */
    guint samples_plot, ecdf_plot;
} CpReportLine;

typedef struct {
    const char *name;            /* borrowed */
    const CpScenarioResult **of; /* one for each side, or NULL; borrowed */
    GPtrArray *lines;            /* of CpReportLine, in the order of the scenario */
} CpReportScenario;

typedef struct {
    GPtrArray *results;   /* of CpResult; borrowed */
    GPtrArray *sides;     /* of CpSide */
    GPtrArray *scenarios; /* of CpReportScenario, in the order of the results */
    CpPlots *plots;       /* not drawn yet */
} CpReportModel;

/** Puts the results side by side. `names`: one for each, used if there are several. The results stay the caller's, and must
 * live longer. The caller owns the model. */
CpReportModel *cp_report_model_new(GPtrArray *results, const char *const *names);
void cp_report_model_free(CpReportModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpReportModel, cp_report_model_free)

/** Returns side `i`. */
const CpSide *cp_report_side(const CpReportModel *model, guint i);
