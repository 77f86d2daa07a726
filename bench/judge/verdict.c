/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of a read: how it ended, compared with the truths of the states of its round. */
#include "judge/verdict.h"

/* The time in which a state was live: from the start of the operation that led to it to the end of the next one. */
typedef struct {
    const char *state; /* NULL: states that nobody knows, within an operation */
    gint64 from_ns, to_ns;
} Interval;

/* A state that ended in this round, at first at `ended_ns`. */
typedef struct {
    const char *state;
    gint64 ended_ns;
} Ended;

struct _CpTimeline {
    GHashTable *names;  /* of the states, so that each is kept once */
    GArray *intervals;  /* of Interval, in order, without those that no later read can have seen */
    gboolean shared;    /* several read beside each other */
    GArray *ended;      /* of Ended, each state once */
    GHashTable *places; /* state to 1 + its index in `ended` */
    GPtrArray *live;    /* what cp_timeline_live() returns */
};

const char *
cp_verdict_name(CpVerdict verdict)
{
    static const char *const names[] = {
        [CP_VERDICT_FRESH] = "fresh",   [CP_VERDICT_STALE] = "stale",     [CP_VERDICT_TORN] = "torn",
        [CP_VERDICT_FAILED] = "failed", [CP_VERDICT_UNKNOWN] = "unknown",
    };
    return names[verdict];
}

gboolean
cp_verdict_parse(const char *name, CpVerdict *verdict)
{
    for (*verdict = 0; *verdict < CP_VERDICT_LAST; (*verdict)++) {
        if (g_str_equal(name, cp_verdict_name(*verdict)))
            return TRUE;
    }
    return FALSE;
}

CpTimeline *
cp_timeline_new(void)
{
    CpTimeline *timeline = g_new0(CpTimeline, 1);
    timeline->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    timeline->intervals = g_array_new(FALSE, FALSE, sizeof(Interval));
    timeline->ended = g_array_new(FALSE, FALSE, sizeof(Ended));
    timeline->places = g_hash_table_new(g_str_hash, g_str_equal);
    timeline->live = g_ptr_array_new();
    return timeline;
}

void
cp_timeline_free(CpTimeline *timeline)
{
    if (!timeline)
        return;
    g_array_unref(timeline->intervals);
    g_array_unref(timeline->ended);
    g_hash_table_unref(timeline->places);
    g_ptr_array_unref(timeline->live);
    g_hash_table_unref(timeline->names);
    g_free(timeline);
}

static Interval *
interval_at(const CpTimeline *timeline, guint i)
{
    return &g_array_index(timeline->intervals, Interval, i);
}

static Interval *
last_interval(const CpTimeline *timeline)
{
    return interval_at(timeline, timeline->intervals->len - 1);
}

static void
add_interval(CpTimeline *timeline, const char *state, gint64 from_ns, gint64 to_ns)
{
    gpointer name = NULL;
    if (state && !g_hash_table_lookup_extended(timeline->names, state, &name, NULL)) {
        name = g_strdup(state);
        g_hash_table_add(timeline->names, name);
    }
    Interval interval = { name, from_ns, to_ns };
    g_array_append_val(timeline->intervals, interval);
}

void
cp_timeline_begin(CpTimeline *timeline, const char *state, gint64 begin_ns)
{
    g_array_set_size(timeline->intervals, 0);
    g_array_set_size(timeline->ended, 0);
    g_hash_table_remove_all(timeline->places);
    timeline->shared = FALSE;
    add_interval(timeline, state, begin_ns, G_MAXINT64);
}

void
cp_timeline_change(CpTimeline *timeline, const char *state, gint64 begin_ns, gint64 end_ns, gboolean obscure)
{
    Interval *before = last_interval(timeline);
    before->to_ns = end_ns;
    if (!g_hash_table_contains(timeline->places, before->state)) {
        Ended ended = { before->state, end_ns };
        g_array_append_val(timeline->ended, ended);
        g_hash_table_insert(timeline->places, (gpointer)before->state, GUINT_TO_POINTER(timeline->ended->len));
    }
    if (obscure)
        add_interval(timeline, NULL, begin_ns, end_ns);
    add_interval(timeline, state, begin_ns, G_MAXINT64);
}

const char *
cp_timeline_state(const CpTimeline *timeline)
{
    return last_interval(timeline)->state;
}

void
cp_timeline_share(CpTimeline *timeline, gboolean shared)
{
    timeline->shared = shared;
}

const GPtrArray *
cp_timeline_live(CpTimeline *timeline, const CpEvent *read)
{
    guint over = 0;
    /* Of several readers, one that is told later may have begun earlier. */
    while (!timeline->shared && over + 1 < timeline->intervals->len &&
           interval_at(timeline, over)->to_ns < read->begin_ns)
        over++;
    g_array_remove_range(timeline->intervals, 0, over);

    g_ptr_array_set_size(timeline->live, 0);
    for (guint i = timeline->intervals->len; i > 0; i--) {
        const Interval *interval = interval_at(timeline, i - 1);
        if ((i == 1 && timeline->live->len == 0) ||
            (interval->from_ns <= read->end_ns && interval->to_ns >= read->begin_ns))
            g_ptr_array_add(timeline->live, (gpointer)interval->state);
    }
    return timeline->live;
}

/* Returns whether the read ended as the truth says. */
static gboolean
is_truth(const CpTruth *truth, const CpEvent *read, const CpAnswer *answer)
{
    if (!truth || !truth->known)
        return FALSE;
    if (answer)
        return truth->answer && g_str_equal(truth->answer->canonical, answer->canonical);
    return truth->error && truth->domain == read->domain && truth->code == read->code;
}

CpVerdict
cp_verdict(const CpTruths *truths, CpTimeline *timeline, const CpEvent *read)
{
    const CpAnswer *answer = cp_truths_answer(truths, read->answer);
    const GPtrArray *live = cp_timeline_live(timeline, read);
    gboolean unknown = FALSE;

    if (read->lost)
        return CP_VERDICT_FAILED;
    for (guint i = 0; i < live->len; i++) {
        const CpTruth *truth = cp_truths_find(truths, live->pdata[i], read->question);
        if (is_truth(truth, read, answer))
            return CP_VERDICT_FRESH;
        unknown |= !truth || !truth->known;
    }
    if (unknown)
        return CP_VERDICT_UNKNOWN;
    if (!answer)
        return CP_VERDICT_FAILED;
    for (guint i = 0; i < timeline->ended->len; i++) {
        const Ended *ended = &g_array_index(timeline->ended, Ended, i);
        if (ended->ended_ns < read->begin_ns &&
            is_truth(cp_truths_find(truths, ended->state, read->question), read, answer))
            return CP_VERDICT_STALE;
    }
    return CP_VERDICT_TORN;
}
