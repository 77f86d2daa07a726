/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found out about known defects, as text, JSON and JUnit. */
#pragma once

#include <stdio.h>

#include "measure/repro.h"

/** Known defects, and what they were tried on. All is borrowed. */
typedef struct {
    const GPtrArray *repros;    /* of CpRepro */
    const char *libvirt, *qemu; /* versions, or NULL if they are not known */
    gboolean tried;             /* whether the defects were tried; else they are only listed */
    const char *fuzz; /* the version of libvirt whose code the fuzz targets have, or NULL if that is not known */
} CpRepros;

/** Prints the catalogue as a table: what each defect is, and what to expect of this libvirt. */
void cp_repros_print_list(const CpRepros *repros, FILE *out);

/** Prints the outcomes as a table, with totals. */
void cp_repros_print_table(const CpRepros *repros, FILE *out);

/** Prints the only outcome with its proof: the last line is "reproduced 3/3", or another outcome. */
void cp_repros_print_one(const CpRepros *repros, FILE *out);

/**
 * Prints one object of JSON:
 *
 *   schema         "capprobe.repro/1"
 *   libvirt, qemu  their versions, or null
 *   fuzz           the version of libvirt whose code the fuzz targets have, or null
 *   bugs[]         id, symptom, kind, since, fixed (null if it is not), seen[], shown_by ("scenario", or the fuzz target's
 *                  name), expected ("seen", "not tried", "not affected" or "unknown": what is known of this libvirt).
 *                  If they were tried, also outcome ("reproduced", "not reproduced", "untestable", "interrupted", "failed"),
 *                  hits, runs, reason (why it is not known, or null), wall_ns, proof (text)
 */
void cp_repros_print_json(const CpRepros *repros, FILE *out);

/** Prints the outcomes as JUnit: a defect that shows is a failure, one that could not be tried is skipped. */
void cp_repros_print_junit(const CpRepros *repros, FILE *out);
