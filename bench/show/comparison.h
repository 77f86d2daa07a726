/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison, in several formats. */
#pragma once

#include <stdio.h>

#include "measure/comparison.h"

/** Prints what the comparison says on the whole, a table with a row per line, and remarks. */
void cp_comparison_print_text(const CpComparison *comparison, FILE *out);

/** The same as Markdown, for a comment of a merge request. */
void cp_comparison_print_markdown(const CpComparison *comparison, FILE *out);

/**
 * Prints all figures as JSON, the schema "capprobe.comparison/1": overall, a, b, paired, alpha, threshold, margin; `lines`,
 * an array of objects with the members of CpComparedLine (null for those that there are too few rounds for); `counts`,
 * `cpu` and `notes` likewise.
 */
void cp_comparison_print_json(const CpComparison *comparison, FILE *out);

/* What text and Markdown have in common. The caller owns what is returned. */

/** The heads of the table, NULL-terminated. Those that begin with '<' are aligned to the left. */
extern const char *const cp_comparison_heads[];

/** The cells of a row, NULL-terminated. */
GStrv cp_comparison_cells(const CpComparedLine *line);

/** The heads of the table of costs, as above. */
extern const char *const cp_comparison_cost_heads[];

/** The rows of that table: of GStrv, the cells. Costs that are 0 on both sides have none. */
GPtrArray *cp_comparison_cost_rows(const CpComparison *comparison);

/** What is said on the whole, in one line. */
char *cp_comparison_headline(const CpComparison *comparison);

/** What has changed in verdicts and counts, one change per line: printed before the times. */
GStrv cp_comparison_findings(const CpComparison *comparison);

/** Remarks, one per line: printed after them. */
GStrv cp_comparison_remarks(const CpComparison *comparison);
