/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An explanation of a run, step by step: what libvirt compared before each answer, and what is true. */
#pragma once

#include "show/detail.h"

/** Prints a finding in detail; `detail` is a CpDetail that prints to standard output. A CpJudgeSink. If the history notes
 * stamps, each read is followed by what libvirt compared just before. */
void cp_explain_add(const CpFinding *finding, gpointer detail);

/** Prints what libvirt compared before a read. Prints nothing if the history does not note it. */
void cp_explain_read(const CpEvent *read, FILE *out);
