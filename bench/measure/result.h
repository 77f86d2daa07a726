/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: what a history shows, as figures. The schema capprobe.result/2. */
/*
 *   schema         "capprobe.result/2"
 *   environment    as in the history
 *   variants[]     name, environment: as in the history. Missing if there is only one, as `variant` below
 *                  machine: the machine that it was tested on. Only in results that were merged from several machines, whose
 *                  `environment` above has what they have in common
 *   seed           of the order of rounds
 *   status, error  how the run ended: 0 and "" if it is complete
 *   reason         why the judge cannot say that all is well, or ""
 *   differences[]  truths whose two passes differ, as text
 *   scenarios[]    name, variant, file; the variants of a scenario follow each other
 *                  digest: SHA-256 of the scenario's text. Missing in results of older versions
 *                  skipped: "", or why it could not be carried out; needs: 1 if a `needs` step was not met, so that
 *                  nothing was run, else 0
 *                  rounds, untestable: the number of complete rounds, and of those whose timing did not come about. What
 *                  follows does not count the latter, nor a round that was broken off
 *                  reads {fresh, stale, torn, failed, unknown, hidden}: the number of reads with this verdict; hidden
 *                  ones are fresh, but what libvirt keeps on disk is not the truth
 *                  refreshes {needed, spurious, unknown}
 *                  operations {changed, unchanged}: the number of operations that changed the truth, or did not; those
 *                  with an unknown truth are not counted
 *                  expectations {held, failed}, without those that say what is wrong
 *                  emulators_started, emulator_cpu_ns, libvirt_cpu_ns, max_rss_kb (of the largest emulator)
 *                  samples[] {round, line, label, verdict, refresh, ns, [libvirt_cpu_ns, emulator_cpu_ns],
 *                  [libvirt_instructions, emulator_instructions]}: the latency of each `read` that was answered, in order, and its
 *                  costs; label is null if the line has none. Results of older versions have no costs. Instructions are those in
 *                  user space; `environment.host.instructions` is "counted", or says why they are missing. All counts above
 *                  include `prime`, this does not
 *                  lines[] {line, label, statistics {n, min_ns, median_ns, median_low_ns, median_high_ns (null if they are
 *                  of fewer than 6 rounds), mad_ns, p90_ns, p99_ns, max_ns}}: derived from the fresh samples of each line;
 *                  not read from a file
 *                  settle[] {round, line, label, limit_ns, settled, stale, ns}: what came of each `settle`. settled: right,
 *                  never or unknown; ns: from the end of the change to the return of the first fresh answer, null unless
 *                  right; stale: the number of its reads that were stale, which the counts above leave out
 *                  clients[] {round, line, clients, rate, reads, emulators, changes, latency {during_refresh,
 *                  outside_refresh, beside_during_refresh, beside_outside_refresh}}: each `clients`: how many they were, how
 *                  many reads each planned per second, how many they made, how many emulators were started and how often the
 *                  truth of `read` changed meanwhile; latency {n, p50_ns, p90_ns, p99_ns, max_ns}: of the fresh reads, from the
 *                  planned time to the return. beside: of the client that asks about another emulator; during: an emulator ran
 *                  between these times. Scenarios without the step have no such member
 *                  problems[] {round, line, verdict, differences[]}: each read that is not fresh or is hidden, each
 *                  expectation that does not hold, cannot be judged or is wrong (its verdict is "expectation"), but for one
 *                  of what is wrong that does not hold, and each settle that was never right (its verdict is "never"); at
 *                  most 100. The verdict is "hidden" for a hidden read, and "fault" for an answer from an empty cache
 *                  without an emulator
 *   harness        wall_ns: the time of the complete rounds; libvirt_ns: the part of it in libvirt's calls;
 *                  overhead_ratio: the first divided by the second, null if nothing was measured
 *   profile[]      variant, total_ns and phases {name: ns} of each profiled refresh
 *   notes[]        for each scenario about a defect, whether the defect shows, and for each step whose outcome depends on
 *                  who runs capprobe, who did; as text. Missing if there are none
 */
#pragma once

#include "judge/judge.h"
#include "measure/cost.h"
#include "measure/statistics.h"

#define CP_RESULT_SCHEMA "capprobe.result/2"

/** A scenario keeps at most this many problems. */
#define CP_PROBLEMS_MAX 100

typedef struct {
    gint64 round, line, ns;
    const char *label; /* NULL if the line has none; owned by the scenario */
    CpVerdict verdict;
    CpRefresh refresh;
    CpCosts costs;
} CpSample;

/** What came of a settle. */
typedef struct {
    gint64 round, line, limit_ns;
    gint64 ns; /* until the answer was right; 0 if it was not */
    gint64 stale;
    const char *label; /* NULL if it has none; owned by the scenario */
    CpSettled settled;
} CpSettleResult;

typedef struct {
    gint64 round, line;
    char *verdict;
    GStrv differences;
} CpProblem;

/** The fresh samples of one line of a scenario. */
typedef struct {
    gint64 line;
    const char *label;  /* NULL if it has none; owned by the scenario */
    GArray *samples_ns; /* of gint64 */
    GArray *rounds;     /* of gint64: that of each sample */
    GArray *costs;      /* of CpCosts: those of each sample */
} CpResultLine;

typedef struct {
    gint64 reads[CP_VERDICT_LAST], hidden;
    gint64 refreshes[CP_REFRESH_LAST];
    gint64 changed, unchanged, held, unheld;
    gint64 emulators, cpu_ns, libvirt_cpu_ns, max_rss_kb;
} CpCounts;

typedef struct {
    char *name, *file, *skipped; /* skipped: "" if the scenario was carried out */
    char *variant;               /* NULL if there is only one */
    char *digest;                /* SHA-256 of its text; NULL if that is not known */
    gint64 needs, rounds, untestable;
    CpCounts counts;
    GArray *samples;     /* of CpSample */
    GArray *settles;     /* of CpSettleResult */
    GArray *loads;       /* of CpLoad, see loads.h */
    GPtrArray *problems; /* of CpProblem */
    GStringChunk *labels;
} CpScenarioResult;

/** What was tested beside others. */
typedef struct {
    char *name;
    char *machine; /* NULL unless the result was merged from several machines */
    JsonObject *environment;
} CpResultVariant;

typedef struct _CpLoading CpLoading;

typedef struct {
    JsonObject *environment;
    GPtrArray *variants; /* of CpResultVariant; empty if there is only one */
    gint64 seed, status;
    char *error, *reason;
    GStrv differences, notes;
    GPtrArray *scenarios; /* of CpScenarioResult */
    gint64 wall_ns, libvirt_ns;
    JsonArray *profile;

    /* While it is being made: */
    CpScenarioResult *round_of;                            /* the scenario of the present round, borrowed; or NULL */
    CpCounts before;                                       /* its counts at the begin of the round */
    guint samples_before, problems_before, settles_before; /* the number of its samples, problems and settles then */
    guint loads_before;
    CpLoading *loading; /* the clients that read; or NULL */
    gint64 begin_ns;    /* of the round */
} CpResult;

void cp_loading_free(CpLoading *loading);

/** Makes a result without figures. */
CpResult *cp_result_new(void);
void cp_result_free(CpResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpResult, cp_result_free)

/** Adds a finding to `result`, a CpResult; a CpJudgeSink. */
void cp_result_add(const CpFinding *finding, gpointer result);

/** Completes the result. */
void cp_result_finish(CpResult *result, const CpJudgement *judgement);

/** Adds a variant; takes a reference to its environment. It belongs to the result. */
CpResultVariant *cp_result_add_variant(CpResult *result, const char *name, JsonObject *environment);

/** Adds a scenario of a variant, NULL for the only one. It belongs to the result. */
CpScenarioResult *cp_result_add_scenario(CpResult *result, const char *name, const char *variant, const char *file);

/** Adds a sample; the label is copied. */
void cp_scenario_result_add_sample(CpScenarioResult *scenario, CpSample sample);

/** Adds a settle; the label is copied. */
void cp_scenario_result_add_settle(CpScenarioResult *scenario, CpSettleResult settle);

/** Adds a problem; what it points to is copied. */
void cp_scenario_result_add_problem(CpScenarioResult *scenario, CpProblem problem);

/** Returns the lines of the scenario that have samples, by their number: of CpResultLine. The caller owns the array. */
GPtrArray *cp_scenario_result_lines(const CpScenarioResult *scenario);

/** Summarizes the samples of a line. */
CpSummary cp_result_line_summarize(const CpResultLine *line);

/** Reads `length` bytes of `text`; `file` is its name in messages. If it is not a result, returns NULL with `error` set to
 * "FILE:LINE:COLUMN: ..." (CP_ERROR_USAGE). */
CpResult *cp_result_parse(const char *file, const char *text, gsize length, GError **error);

/** The same for a file. */
CpResult *cp_result_load(const char *file, GError **error);

/** Loads several files, whose names are NULL-terminated, as an array of CpResult. The caller owns it. NULL with `error` set if
 * one cannot be loaded. */
GPtrArray *cp_results_load(char **files, GError **error);

/** Writes the result as text. The caller owns it. */
char *cp_result_write(const CpResult *result);

/** Writes the result to `file`, see cp_output_begin(). */
gboolean cp_result_save(const CpResult *result, const char *file, GError **error);
