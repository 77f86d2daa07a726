/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plots, drawn as SVG by gnuplot: all of a page by one process. */
#pragma once

#include <glib.h>

#include "show/markup.h"

/** Values that are drawn in one colour: those of one variant. */
typedef struct {
    const double *values; /* in ns, in the order in which they were measured */
    gsize n;
    gboolean interval;
    double low, high; /* of the median; if `interval` */
} CpPlotSeries;

/** How many series have a colour and a shape of their own; those that follow begin again. */
#define CP_PLOT_STYLES 4

typedef struct _CpPlots CpPlots;

CpPlots *cp_plots_new(void);
void cp_plots_free(CpPlots *plots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpPlots, cp_plots_free)

/** Adds a plot of every value as a dot, in order, with the interval of the median as a band. Returns its number. Series without
 * values are left out; there must be at least one with some. */
guint cp_plots_add_samples(CpPlots *plots, const CpPlotSeries *series, guint n_series);

/** Adds a plot of the empirical distribution: for each time, the share of the values that are not larger. Returns its number. */
guint cp_plots_add_ecdf(CpPlots *plots, const CpPlotSeries *series, guint n_series);

/** Draws all plots that were added. FALSE with `error` set (CP_ERROR_UNTESTABLE) if gnuplot is not there or fails. */
gboolean cp_plots_draw(CpPlots *plots, GError **error);

/** Writes the shapes to which the plots refer; to be done once, before the first plot. */
void cp_plots_write_shapes(const CpPlots *plots, CpMarkup *markup);

/** Writes plot `number` as an <svg> element; `label` is what a screen reader says. */
void cp_plots_write(const CpPlots *plots, guint number, const char *label, CpMarkup *markup);

/** Writes the mark of a series, for a legend. */
void cp_plots_write_mark(guint series, CpMarkup *markup);
