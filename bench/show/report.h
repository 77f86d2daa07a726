/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report: results as one page of HTML that needs nothing else. */
#pragma once

#include "show/report-model.h"

/** A part of the page that is not made of the results: `write` writes it to `markup`. */
typedef struct {
    void (*write)(CpMarkup *markup, gpointer data);
    gpointer data;
} CpReportSection;

/**
 * Prints the page: the outcome, how two sides differ, the rounds in which libvirt was wrong, each scenario with its samples, where a refresh spends
 * its time, the environment, and the commands that repeat the runs. `stories` and `history`, which comes after the comparison, may be NULL. Draws the plots of the model
 * first; FALSE with `error` set if that fails, and nothing is printed then.
 */
gboolean cp_report_print(
    const CpReportModel *model, const CpStories *stories, const CpReportSection *history, FILE *out, GError **error);
