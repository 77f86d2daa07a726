/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of a read: how it ended, compared with the truths of the states of its round. */
#pragma once

#include "judge/truths.h"

/**
 * Verdicts of a read. A state is live from the start of the operation that led to it until the end of the next one. While
 * an operation of the effect "any" is carried out, states that nobody knows are live as well.
 */
typedef enum {
    CP_VERDICT_FRESH,   /* the truth of a state that was live between call and return; that truth may be an error */
    CP_VERDICT_STALE,   /* the truth of an earlier state of the round */
    CP_VERDICT_TORN,    /* an answer that is not the truth of any of these states */
    CP_VERDICT_FAILED,  /* libvirt was lost, or returned an error that is not the truth */
    CP_VERDICT_UNKNOWN, /* none of the others can be reached: the truth of a live state is not known */
    CP_VERDICT_LAST
} CpVerdict;

/** Returns "fresh", "stale", ... */
const char *cp_verdict_name(CpVerdict verdict);

/** Sets the verdict of this name. Returns FALSE if no verdict has it. */
gboolean cp_verdict_parse(const char *name, CpVerdict *verdict);

/** The states of a round in the order in which they began. */
typedef struct _CpTimeline CpTimeline;

CpTimeline *cp_timeline_new(void);
void cp_timeline_free(CpTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpTimeline, cp_timeline_free)

/** Begins a round in `state`; forgets the states of the round before. */
void cp_timeline_begin(CpTimeline *timeline, const char *state, gint64 begin_ns);

/** Adds the state after an operation that ran from `begin_ns` to `end_ns`. `obscure`: it went through states that nobody
 * knows. */
void cp_timeline_change(CpTimeline *timeline, const char *state, gint64 begin_ns, gint64 end_ns, gboolean obscure);

/** Returns the state that was added last. */
const char *cp_timeline_state(const CpTimeline *timeline);

/** Says whether reads overlap from now on. If they do not, each begins after the one before it had ended. */
void cp_timeline_share(CpTimeline *timeline, gboolean shared);

/**
 * Returns the states that were live during `read`, the last one first; there is at least one. NULL stands for states that
 * nobody knows, and is never the first. The array belongs to the
 * timeline until the next call. Unless reads overlap, states that had ended when the read was called are not live for later
 * reads either.
 */
const GPtrArray *cp_timeline_live(CpTimeline *timeline, const CpEvent *read);

/** Returns the verdict of `read`. */
CpVerdict cp_verdict(const CpTruths *truths, CpTimeline *timeline, const CpEvent *read);
