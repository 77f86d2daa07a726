/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: finds out from a history alone what was right. */
/*
 * A judge goes through the history twice, event by event: first it learns what is true and refuses contradictions, then it
 * judges and hands out a finding for each event. It keeps answers, documents and truths, and nothing else that grows with
 * the history. If the history is of several variants, each is judged as if it were alone: by its own truths.
 */
#pragma once

#include "base/exit.h"
#include "judge/expectation.h"
#include "judge/settle.h"

/** What the judge found out about an event. All pointers are valid during the call that hands it out. */
typedef struct {
    const CpEvent *event;
    const char *scenario; /* of the round that the event is in, or that the event names; NULL if there is none */
    const char *variant;  /* likewise; NULL if there is only one */
    gboolean in_round;    /* the event belongs to a round, or ends it */
    gint64 round;         /* the number of the round; 0 outside rounds */
    gboolean known;       /* operation: the truths before and after it are known */
    gboolean changed;     /* operation: these truths differ */
    CpVerdict verdict;    /* read */
    CpRefresh refresh;    /* read */
    gboolean fault;       /* read: it was answered from an empty cache, but no emulator was counted */
    gboolean hidden;  /* read: fresh, but what libvirt keeps on disk is not the truth; operation: only this changed */
    gboolean excused; /* read: stale, but of a settle, which says what is to be said of it */
    gboolean again;   /* read: it ended as the one before it in the same settle */
    CpSettle settle;  /* settle */
    gboolean sample;  /* read: its latency is measured */
    CpExpected expected; /* expectation */
    gboolean defect;     /* expectation: it says what is wrong, not what is right */
    GStrv lines; /* read: how it differs from the truth, or the error; expectation that does not hold: what was seen
                    instead, or the mistake; settle that was never right: why; NULL if there is nothing to say */
} CpFinding;

/** The number of lines of a finding that are shown by default: KVM alone changes thousands of facts about CPU models. */
#define CP_FINDING_LINES 20

/** What is said about a fault. */
#define CP_NO_EMULATOR_COUNTED "an answer from an empty cache, but no emulator was counted"

/** Called with each finding, in the order of the history; there is one for each event. */
typedef void CpJudgeSink(const CpFinding *finding, gpointer data);

/** What is said about a whole history. */
typedef struct {
    CpExit exit;       /* the exit status for all findings together, and for how the run ended */
    char *reason;      /* why `exit` is 125, 254 or 255; "" if an event says it */
    gboolean cut_off;  /* there is no `end` event */
    gint64 status;     /* of the `end` event; CP_EXIT_UNTESTABLE if there is none */
    char *error;       /* of the `end` event: why the run is not complete, or "" */
    gint64 shown;      /* rounds in which the defect shows that their scenario is about */
    gint64 tried;      /* rounds of scenarios that are about a defect */
    GStrv differences; /* truths whose two passes differ, one line each */
    GStrv
        notes; /* one line each: whether the defect that a scenario is about shows, and which outcomes depend on who runs
                    capprobe */
} CpJudgement;

void cp_judgement_free(CpJudgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJudgement, cp_judgement_free)

typedef struct _CpJudge CpJudge;

/** `strict`: a hidden read is bad. `sink` may be NULL. */
CpJudge *cp_judge_new(gboolean strict, CpJudgeSink *sink, gpointer data);
void cp_judge_free(CpJudge *judge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpJudge, cp_judge_free)

/**
 * Learns from an event, which is on `line` of `file`. All events must be learned before the first is judged. Returns FALSE
 * with `error` set (CP_ERROR_USAGE, "FILE:LINE:1: ...") if it contradicts those before it: for example, if a read is
 * outside a round, or a state has two truths.
 */
gboolean cp_judge_learn(CpJudge *judge, const CpEvent *event, const char *file, guint line, GError **error);

/** Judges an event. All events must be given again, in the same order. */
void cp_judge_event(CpJudge *judge, const CpEvent *event);

/** Returns the judgement, after the last event. The caller owns it. */
CpJudgement *cp_judge_finish(CpJudge *judge);

/** Judges a history that is in memory, an array of CpEvent. Returns NULL with `error` set as cp_judge_learn() does. */
CpJudgement *
cp_judge(const GPtrArray *history, const char *file, gboolean strict, CpJudgeSink *sink, gpointer data, GError **error);

/**
 * Returns the first `max` lines of a finding. If there are more, a line "and N more" with `hint` appended follows. The
 * caller owns the result, which is empty if the finding has no lines.
 */
GStrv cp_finding_lines(const CpFinding *finding, guint max, const char *hint);
