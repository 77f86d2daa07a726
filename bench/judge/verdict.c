/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of a read: what it returned, compared with the truths of the states of its round. */
#include "judge/verdict.h"

/* The time in which a state was live: from the start of the operation that led to it to the end of the next one. */
typedef struct {
    const char *state;
    gint64 from_ns, to_ns;
    gint64 all_ended_ns; /* the latest to_ns of this interval and those before it */
} Interval;

struct _CpTimeline {
    GHashTable *truths;       /* state to CpTruth */
    GArray *intervals;        /* of Interval, for the states of the round, in order */
    GHashTable *first_places; /* canonical text of an answer to 1 + the index of the first interval with that truth */
    gboolean outdated;        /* first_places is older than the truths */
};

static const char *const verdicts[] = {
    [CP_VERDICT_FRESH] = "fresh",   [CP_VERDICT_STALE] = "stale",     [CP_VERDICT_TORN] = "torn",
    [CP_VERDICT_FAILED] = "failed", [CP_VERDICT_UNKNOWN] = "unknown",
};

const char *
cp_verdict_name(CpVerdict verdict)
{
    return verdicts[verdict];
}

gboolean
cp_truth_is(const CpTruth *truth, const CpAnswer *answer)
{
    return truth->answer == answer ||
           (truth->answer && answer && g_str_equal(truth->answer->canonical, answer->canonical));
}

CpTimeline *
cp_timeline_new(void)
{
    CpTimeline *timeline = g_new0(CpTimeline, 1);
    timeline->truths = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    timeline->intervals = g_array_new(FALSE, FALSE, sizeof(Interval));
    timeline->first_places = g_hash_table_new(g_str_hash, g_str_equal);
    return timeline;
}

void
cp_timeline_free(CpTimeline *timeline)
{
    if (!timeline)
        return;
    g_hash_table_unref(timeline->truths);
    g_array_unref(timeline->intervals);
    g_hash_table_unref(timeline->first_places);
    g_free(timeline);
}

static Interval *
interval_at(const CpTimeline *timeline, guint i)
{
    return &g_array_index(timeline->intervals, Interval, i);
}

/* Notes where the truth of interval `i` occurs, unless an earlier interval has the same. */
static void
note_place(CpTimeline *timeline, guint i)
{
    const CpTruth *truth = cp_timeline_truth(timeline, interval_at(timeline, i)->state);
    if (truth && truth->answer && !g_hash_table_contains(timeline->first_places, truth->answer->canonical))
        g_hash_table_insert(timeline->first_places, truth->answer->canonical, GUINT_TO_POINTER(i + 1));
}

void
cp_timeline_set_truth(CpTimeline *timeline, const char *state, CpTruth truth)
{
    g_hash_table_insert(timeline->truths, (gpointer)state, g_memdup2(&truth, sizeof(truth)));
    timeline->outdated = TRUE;
}

const CpTruth *
cp_timeline_truth(const CpTimeline *timeline, const char *state)
{
    return g_hash_table_lookup(timeline->truths, state);
}

static void
add_interval(CpTimeline *timeline, const char *state, gint64 from_ns)
{
    Interval interval = { state, from_ns, G_MAXINT64, G_MAXINT64 };
    g_array_append_val(timeline->intervals, interval);
    note_place(timeline, timeline->intervals->len - 1);
}

void
cp_timeline_begin(CpTimeline *timeline, const char *state, gint64 begin_ns)
{
    g_array_set_size(timeline->intervals, 0);
    g_hash_table_remove_all(timeline->first_places);
    timeline->outdated = FALSE;
    add_interval(timeline, state, begin_ns);
}

void
cp_timeline_change(CpTimeline *timeline, const char *state, gint64 begin_ns, gint64 end_ns)
{
    guint last = timeline->intervals->len - 1;
    Interval *before = interval_at(timeline, last);
    before->to_ns = end_ns;
    before->all_ended_ns = last > 0 ? MAX(interval_at(timeline, last - 1)->all_ended_ns, end_ns) : end_ns;
    add_interval(timeline, state, begin_ns);
}

const char *
cp_timeline_state(const CpTimeline *timeline)
{
    return interval_at(timeline, timeline->intervals->len - 1)->state;
}

const char *
cp_timeline_state_seen(const CpTimeline *timeline, const CpEvent *read)
{
    guint i = timeline->intervals->len - 1;
    while (i > 0 && interval_at(timeline, i)->from_ns > read->end_ns)
        i--;
    return interval_at(timeline, i)->state;
}

/* Returns how many of the first intervals it takes to find one whose truth is `answer`; G_MAXUINT if none has it. */
static guint
first_place(CpTimeline *timeline, const CpAnswer *answer)
{
    if (timeline->outdated) {
        g_hash_table_remove_all(timeline->first_places);
        for (guint i = 0; i < timeline->intervals->len; i++)
            note_place(timeline, i);
        timeline->outdated = FALSE;
    }
    gpointer place = g_hash_table_lookup(timeline->first_places, answer->canonical);
    return place ? GPOINTER_TO_UINT(place) : G_MAXUINT;
}

/* Goes through the intervals from the last back to the one before which all had ended when the read was called. So the
 * time for a long round is in proportion to its length. */
CpVerdict
cp_timeline_verdict(CpTimeline *timeline, const CpEvent *read, const CpAnswer *answer)
{
    gboolean earlier = FALSE, unknown = FALSE;
    guint i = timeline->intervals->len;

    for (; i > 0 && interval_at(timeline, i - 1)->all_ended_ns >= read->begin_ns; i--) {
        const Interval *interval = interval_at(timeline, i - 1);
        const CpTruth *truth = cp_timeline_truth(timeline, interval->state);
        gboolean live = interval->from_ns <= read->end_ns && interval->to_ns >= read->begin_ns;

        if (live && truth && cp_truth_is(truth, answer))
            return CP_VERDICT_FRESH;
        earlier |= interval->to_ns < read->begin_ns && truth && answer && cp_truth_is(truth, answer);
        unknown |= live && !truth;
    }
    if (unknown)
        return CP_VERDICT_UNKNOWN;
    if (!answer)
        return CP_VERDICT_FAILED;
    return earlier || first_place(timeline, answer) <= i ? CP_VERDICT_STALE : CP_VERDICT_TORN;
}
