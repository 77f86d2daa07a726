/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: what a history shows, as figures. The schema capprobe.result/1. */
/*
 *   schema         "capprobe.result/1"
 *   environment    as in the history
 *   seed           of the order of rounds
 *   status, error  how the run ended: 0 and "" if it is complete
 *   scenarios[]    name, file
 *                  skipped: "", or why it cannot be tested here
 *                  rounds: the number of complete rounds
 *                  reads {fresh, stale, torn, failed, unknown}: the number of reads with this verdict
 *                  refreshes {needed, spurious}
 *                  operations {changed, unchanged}: the number of operations that changed the truth, or did not; those
 *                  with an unknown truth are not counted
 *                  expectations {held, failed}
 *                  emulators_started, emulator_cpu_ns, max_rss_kb (of the largest emulator)
 *                  samples_ns[]: the latency of each `read` that was answered, in order; all counts above include
 *                  `prime`, this does not
 *                  statistics {n, min_ns, median_ns, median_low_ns, median_high_ns (null if n is too small), mad_ns,
 *                  p90_ns, p99_ns, max_ns}: derived from samples_ns; not read from a file
 *                  problems[]: each bad read and each expectation that does not hold, as text; at most 100
 *   harness        wall_ns: the time of the complete rounds; libvirt_ns: the part of it in libvirt's calls;
 *                  overhead_ratio: the first divided by the second, null if nothing was measured
 *   profile[]      total_ns and phases {name: ns} of each profiled refresh
 */
#pragma once

#include "judge/judge.h"
#include "measure/statistics.h"

#define CP_RESULT_SCHEMA "capprobe.result/1"

typedef struct {
    char *name, *file, *skipped; /* skipped: "" if the scenario was run */
    gint64 rounds;
    gint64 reads[CP_VERDICT_LAST];
    gint64 needed, spurious, changed, unchanged, held, unheld;
    gint64 emulators, cpu_ns, max_rss_kb;
    GArray *samples_ns;  /* of gint64 */
    GPtrArray *problems; /* of char * */
} CpScenarioResult;

typedef struct {
    JsonObject *environment;
    gint64 seed, status;
    char *error;
    GPtrArray *scenarios; /* of CpScenarioResult */
    gint64 wall_ns, libvirt_ns;
    JsonArray *profile;
} CpResult;

/** Makes the result of a judgement. */
CpResult *cp_result_new(const CpJudgement *judgement);
void cp_result_free(CpResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpResult, cp_result_free)

/** Reads a result file. If it is not one, returns NULL with `error` set to "FILE:LINE:COLUMN: ..." (CP_ERROR_USAGE). */
CpResult *cp_result_load(const char *file, GError **error);

/** The same for `length` bytes of `text`; `file` is its name in messages. */
CpResult *cp_result_parse(const char *file, const char *text, gsize length, GError **error);

/** Writes the result as text. The caller owns it. */
char *cp_result_write(const CpResult *result);

/** Writes the result to `file`, see cp_output_begin(). */
gboolean cp_result_save(const CpResult *result, const char *file, GError **error);
