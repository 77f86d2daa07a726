/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of a read: what it returned, compared with the truths of the states of its round. */
#pragma once

#include "history/event.h"
#include "judge/answer.h"

/** Verdicts of a read. A state is live from the start of the operation that led to it until the end of the next one. */
typedef enum {
    CP_VERDICT_FRESH,   /* the truth of a state that was live between call and return; that truth may be an error */
    CP_VERDICT_STALE,   /* the truth of an earlier state of the round */
    CP_VERDICT_TORN,    /* an answer that is not the truth of any of these states */
    CP_VERDICT_FAILED,  /* an error, although the truth is an answer */
    CP_VERDICT_UNKNOWN, /* none of the others can be reached: the history lacks the truth of a live state */
    CP_VERDICT_LAST
} CpVerdict;

/** Returns "fresh", "stale", ... */
const char *cp_verdict_name(CpVerdict verdict);

/** The truth of a state: an answer or an error, both borrowed. */
typedef struct {
    const CpAnswer *answer; /* NULL if the truth is an error */
    const char *error;      /* NULL if the truth is an answer */
} CpTruth;

/** Returns whether `answer` is the truth; NULL stands for an error, and all errors count as the same. */
gboolean cp_truth_is(const CpTruth *truth, const CpAnswer *answer);

/** The states of a round in the order in which they began, and the truths of all states. */
typedef struct _CpTimeline CpTimeline;

CpTimeline *cp_timeline_new(void);
void cp_timeline_free(CpTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpTimeline, cp_timeline_free)

/** Sets the truth of `state`. Strings and answers must live as long as the timeline, here and below. */
void cp_timeline_set_truth(CpTimeline *timeline, const char *state, CpTruth truth);

/** Returns the truth of `state`, or NULL if it is not known. */
const CpTruth *cp_timeline_truth(const CpTimeline *timeline, const char *state);

/** Begins a round in `state`; forgets the states of the round before. */
void cp_timeline_begin(CpTimeline *timeline, const char *state, gint64 begin_ns);

/** Adds the state after an operation that ran from `begin_ns` to `end_ns`. */
void cp_timeline_change(CpTimeline *timeline, const char *state, gint64 begin_ns, gint64 end_ns);

/** Returns the state that was added last. */
const char *cp_timeline_state(const CpTimeline *timeline);

/** Returns the last state that the read can have seen: later ones began after it had returned. */
const char *cp_timeline_state_seen(const CpTimeline *timeline, const CpEvent *read);

/** Returns the verdict of `read`, which returned `answer`, or an error if that is NULL. */
CpVerdict cp_timeline_verdict(CpTimeline *timeline, const CpEvent *read, const CpAnswer *answer);
