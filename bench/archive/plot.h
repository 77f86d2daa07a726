/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture of a series over time, as a script for gnuplot. */
#pragma once

#include <stdio.h>

#include "archive/series.h"

/**
 * Prints the script. gnuplot then prints the picture on its standard output. `terminal` is gnuplot's: "svg", "pngcairo", or
 * "dumb" for text. The picture has a point per result, the levels between changes, and a vertical line for each change that is
 * not weak, dashed if it is accepted or went away again.
 */
void cp_plot_print(const CpSeries *series, const char *terminal, FILE *out);
