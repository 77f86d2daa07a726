/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A result: what a history means, in figures. The schema capprobe.result/1.
 *
 *   schema         "capprobe.result/1"
 *   environment    as in the history that it was made from
 *   seed           of the order of rounds
 *   status, error  how the run itself ended: 0 and "" where it was carried out whole
 *   scenarios[]    name, file
 *                  skipped: "", or why it could not be tested here
 *                  rounds: that were carried out whole
 *                  reads {fresh, stale, torn, failed, unknown}
 *                  refreshes {needed, spurious}
 *                  operations {changed, unchanged}: what they did to the truth, where that is known
 *                  expectations {held, failed}
 *                  emulators_started, emulator_cpu_ns, max_rss_kb (the largest emulator's)
 *                  samples_ns[]: the latency of every `read` that was answered, in the order in which they came
 *                  statistics {n, min_ns, median_ns, median_low_ns, median_high_ns (null where n is too small), mad_ns,
 *                  p90_ns, p99_ns, max_ns}: derived from samples_ns, and not read back
 *                  problems[]: each bad read and unmet expectation as text, at most 100
 *   harness        wall_ns of the measured rounds, libvirt_ns within libvirt's calls, and overhead_ratio, the former by
 *                  the latter (null where nothing was measured)
 *   profile[]      total_ns and phases {name: ns} of each profiled refresh
 */
#pragma once

#include "judge/judge.h"
#include "measure/statistics.h"

#define CP_RESULT_SCHEMA "capprobe.result/1"

typedef struct {
    char *name, *file, *skipped; /* skipped is "" for a scenario that was run */
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

/** Draws the result from a judgement. */
CpResult *cp_result_new(const CpJudgement *judgement);
void cp_result_free(CpResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpResult, cp_result_free)

/** Reads a result file; refuses what is not one with "FILE:LINE:COLUMN: ..." (CP_ERROR_USAGE). */
CpResult *cp_result_load(const char *file, GError **error);

/** The same for `length` bytes of `text`. */
CpResult *cp_result_parse(const char *file, const char *text, gsize length, GError **error);

/** The result as text. The caller owns it. */
char *cp_result_write(const CpResult *result);

/** Writes it to `file`, whole or not at all. */
gboolean cp_result_save(const CpResult *result, const char *file, GError **error);
