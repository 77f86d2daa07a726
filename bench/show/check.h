/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a check of a live host found, in each format. */
#pragma once

#include <stdio.h>

#include "judge/check.h"

/** For people. If `whole` is FALSE, long differences are cut off. */
void cp_check_print_text(const CpCheckReport *report, gboolean whole, FILE *out);

/** For programs: one JSON object, schema capprobe.check/1. */
void cp_check_print_json(const CpCheckReport *report, FILE *out);

/** One line as monitoring plugins print it: "CAPPROBE STATUS: text | 'label'=value...". `exit` is that of the check. */
void cp_check_print_nagios(const CpCheckReport *report, CpExit exit, FILE *out);

/** For the textfile collector of Prometheus' node exporter: metrics without time stamps. */
void cp_check_print_prometheus(const CpCheckReport *report, FILE *out);
