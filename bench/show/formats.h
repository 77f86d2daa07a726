/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats in which a result can be printed: one file each. */
#pragma once

#include <stdio.h>

#include "measure/result.h"

typedef void CpFormat(const CpResult *result, FILE *out);

/** Returns the format of this name, or NULL if there is none. */
CpFormat *cp_format_find(const char *name);

/** Returns the names of all formats as "table, junit, ... or tmt". The caller owns the text. */
char *cp_format_list(void);

/** JUnit's XML, as GitLab and tmt take it: a test case per scenario, in one suite. */
CpFormat cp_junit_print;

/** The Test Anything Protocol, version 13: a test per scenario. If the run is undecided, it ends with "Bail out!". */
CpFormat cp_tap_print;

/** Markdown for a comment on a merge request: the outcome, a table of lines, the problems. */
CpFormat cp_markdown_print;

/** Comma-separated values (RFC 4180): a row per sample. */
CpFormat cp_csv_print;

/** OpenMetrics, without times, so that it is also a file for the node exporter's textfile collector. */
CpFormat cp_openmetrics_print;

/** Bencher Metric Format: the median of each line as the measure "latency", in ns, with its interval. */
CpFormat cp_bencher_print;

/** The JSON of github-action-benchmark's tool customSmallerIsBetter: the median of each line, in ms. */
CpFormat cp_github_action_benchmark_print;

/** The CSV of Apache Otava: a row per variant, with the median of each line in ms. Lines that not every variant has are left
 * out. */
CpFormat cp_otava_print;

/** tmt's results.yaml, written as JSON, which is YAML as well. */
CpFormat cp_tmt_print;
