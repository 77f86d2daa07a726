/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The judge: from a history alone, what of it was right.
 *
 * Verdicts of a read, as Jepsen's checkers reach them, by the intervals in which states were live:
 *   fresh    the truth of a state that was live between its call and its return (or an error where the truth is one)
 *   stale    the truth of an earlier state of its round
 *   torn     the truth of no single state
 *   failed   an error where the truth is an answer
 *   unknown  the history does not hold the truth that it would take
 * A read for which emulators were started is a refresh. It was needed if what libvirt had cached was not the truth (or
 * it had nothing), else spurious.
 */
#pragma once

#include "base/error.h"
#include "history/history.h"

typedef enum {
    CP_VERDICT_FRESH,
    CP_VERDICT_STALE,
    CP_VERDICT_TORN,
    CP_VERDICT_FAILED,
    CP_VERDICT_UNKNOWN,
    CP_VERDICT_LAST
} CpVerdict;

/** What the judge found about one event: a read, an operation or an expectation. */
typedef struct {
    const CpEvent *event; /* owned by the history */
    gint64 round;
    gboolean known;           /* operation: whether the truths before and after it are known */
    gboolean changed;         /* operation: they are, and differ */
    CpVerdict verdict;        /* read */
    gboolean refresh, needed; /* read */
    gboolean sample;          /* read: its latency counts */
    gboolean holds;           /* expectation */
    GStrv lines; /* what there is to show: differences of a read, what was seen instead of an expectation */
} CpFinding;

typedef struct {
    const char *name, *file;    /* owned by the history */
    const char *skipped;        /* why it could not be tested here, or NULL */
    gint64 rounds;              /* that were carried out whole */
    gint64 wall_ns, libvirt_ns; /* of those rounds: all time, and that within libvirt's calls */
    GPtrArray *findings;        /* of CpFinding */
} CpJudgedScenario;

typedef struct {
    GPtrArray *history;   /* of CpEvent */
    GPtrArray *scenarios; /* of CpJudgedScenario, as the history names them */
    const CpEvent *end;
} CpJudgement;

const char *cp_verdict_name(CpVerdict verdict);

/**
 * Judges `history`, of which it takes a reference. Refuses one whose events do not fit together: a read outside a
 * round, an answer that was never told (CP_ERROR_USAGE, with `file` and the event's line).
 */
CpJudgement *cp_judge(GPtrArray *history, const char *file, GError **error);
void cp_judgement_free(CpJudgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJudgement, cp_judgement_free)

/** The exit status that all findings together call for. */
CpExit cp_judgement_exit(const CpJudgement *judgement);
