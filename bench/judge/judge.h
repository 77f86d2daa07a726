/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: finds out from a history alone what was right. */
/*
 * Each read gets a verdict (verdict.h). A read for which emulators were started is a refresh. It was needed if libvirt had
 * nothing in its caches or something else than the truth, else it was spurious.
 */
#pragma once

#include "base/error.h"
#include "history/history.h"
#include "judge/verdict.h"

/** What the judge found out about one event: a read, an operation or an expectation. */
typedef struct {
    const CpEvent *event; /* owned by the history */
    gint64 round;
    gboolean known;           /* operation: the truths before and after it are known */
    gboolean changed;         /* operation: these truths differ */
    CpVerdict verdict;        /* read */
    gboolean refresh, needed; /* read */
    gboolean sample;          /* read: its latency is measured */
    gboolean holds;           /* expectation */
    GStrv lines; /* read: how it differs from the truth, or why there is no such difference; expectation: what was seen
                    instead; NULL if all is well */
} CpFinding;

/** The number of lines of a finding that are shown by default: KVM alone changes thousands of facts about CPU models. */
#define CP_FINDING_LINES 20

typedef struct {
    const char *name, *file;    /* owned by the history */
    const char *skipped;        /* why it cannot be tested here, or NULL */
    gint64 rounds;              /* complete rounds */
    gint64 wall_ns, libvirt_ns; /* of the complete rounds: all their time, and the part spent in libvirt's calls */
    GPtrArray *findings;        /* of CpFinding */
} CpJudgedScenario;

typedef struct {
    GPtrArray *history;   /* of CpEvent */
    GPtrArray *scenarios; /* of CpJudgedScenario, in the order of the history */
    const CpEvent *end;
} CpJudgement;

/**
 * Judges `history`, and takes a reference to it. Returns NULL with `error` set (CP_ERROR_USAGE, "FILE:LINE:1: ...") if its
 * events do not fit together: for example, if a read is outside a round or refers to an unknown answer.
 */
CpJudgement *cp_judge(GPtrArray *history, const char *file, GError **error);
void cp_judgement_free(CpJudgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJudgement, cp_judgement_free)

/** Returns the exit status for all findings together, and for how the run ended. */
CpExit cp_judgement_exit(const CpJudgement *judgement);

/**
 * Returns the first `max` lines of a finding. If there are more, a line "and N more" with `hint` appended follows. The
 * caller owns the result, which is empty if the finding has no lines.
 */
GStrv cp_finding_lines(const CpFinding *finding, guint max, const char *hint);
