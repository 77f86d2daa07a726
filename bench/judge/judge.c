/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/judge.h"

#include "base/duration.h"
#include "judge/answer.h"

/* The host was in a state from the beginning of the operation that led to it to the end of the one that left it. */
typedef struct {
    const char *state;
    gint64 from_ns, to_ns;
} Interval;

typedef struct {
    CpJudgement *judgement;
    const char *file;
    GHashTable *scenarios;      /* name to CpJudgedScenario */
    GHashTable *answers;        /* digest to CpAnswer */
    GHashTable *truths;         /* state to the `truth` event */
    CpJudgedScenario *scenario; /* of the round under way, or NULL */
    const CpEvent *round;
    GArray *intervals;               /* of Interval: the states of the round, in order */
    const char *in_memory, *on_disk; /* the answers that libvirt can have cached, in canonical form; NULL for none */
    CpFinding *last_read;            /* of the round */
} Judge;

static const char *const verdicts[] = {
    [CP_VERDICT_FRESH] = "fresh",   [CP_VERDICT_STALE] = "stale",     [CP_VERDICT_TORN] = "torn",
    [CP_VERDICT_FAILED] = "failed", [CP_VERDICT_UNKNOWN] = "unknown",
};

const char *
cp_verdict_name(CpVerdict verdict)
{
    return verdicts[verdict];
}

static void
finding_free(gpointer data)
{
    CpFinding *finding = data;
    g_strfreev(finding->lines);
    g_free(finding);
}

static void
scenario_free(gpointer data)
{
    CpJudgedScenario *scenario = data;
    g_ptr_array_unref(scenario->findings);
    g_free(scenario);
}

void
cp_judgement_free(CpJudgement *judgement)
{
    if (!judgement)
        return;
    g_ptr_array_unref(judgement->scenarios);
    g_ptr_array_unref(judgement->history);
    g_free(judgement);
}

/* The truth of a state in canonical form; NULL where it is an error or unknown. */
static const CpAnswer *
truth_of(const Judge *judge, const char *state, gboolean *known)
{
    const CpEvent *truth = g_hash_table_lookup(judge->truths, state);
    *known = truth != NULL;
    return truth && truth->answer ? g_hash_table_lookup(judge->answers, truth->answer) : NULL;
}

static gboolean
same_answer(const CpAnswer *a, const CpAnswer *b)
{
    return a == b || (a && b && g_str_equal(a->canonical, b->canonical));
}

static CpFinding *
add_finding(Judge *judge, const CpEvent *event)
{
    CpFinding *finding = g_new0(CpFinding, 1);
    finding->event = event;
    finding->round = judge->round->round;
    g_ptr_array_add(judge->scenario->findings, finding);
    return finding;
}

/* The last state that the read can have seen; changes made in its block after it returned come later. */
static const Interval *
last_seen(const Judge *judge, const CpEvent *read)
{
    guint i = judge->intervals->len - 1;
    while (i > 0 && g_array_index(judge->intervals, Interval, i).from_ns > read->end_ns)
        i--;
    return &g_array_index(judge->intervals, Interval, i);
}

static CpVerdict
verdict_of(const Judge *judge, const CpEvent *read, const CpAnswer *answer)
{
    gboolean earlier = FALSE, unknown = FALSE;

    for (guint i = 0; i < judge->intervals->len; i++) {
        const Interval *interval = &g_array_index(judge->intervals, Interval, i);
        gboolean live = interval->from_ns <= read->end_ns && interval->to_ns >= read->begin_ns;
        gboolean known;
        const CpAnswer *truth = truth_of(judge, interval->state, &known);

        if (live && known && same_answer(truth, answer))
            return CP_VERDICT_FRESH;
        earlier |= interval->to_ns < read->begin_ns && known && answer && same_answer(truth, answer);
        unknown |= live && !known;
    }
    if (unknown)
        return CP_VERDICT_UNKNOWN;
    if (!answer)
        return CP_VERDICT_FAILED;
    return earlier ? CP_VERDICT_STALE : CP_VERDICT_TORN;
}

static GStrv
explain(const Judge *judge, const CpEvent *read, const CpAnswer *answer)
{
    gboolean known;
    const Interval *last = last_seen(judge, read);
    const CpAnswer *truth = truth_of(judge, last->state, &known);

    if (truth && answer)
        return cp_answer_difference(truth, answer);
    const char *line = !answer ? read->error
                       : known ? "an answer where the truth is an error"
                               : "the history does not hold the truth";
    return g_strdupv((GStrv)(const char *[]){ line, NULL });
}

static void
judge_read(Judge *judge, const CpEvent *read)
{
    const CpAnswer *answer = read->answer ? g_hash_table_lookup(judge->answers, read->answer) : NULL;
    const Interval *last = last_seen(judge, read);
    CpFinding *finding = add_finding(judge, read);
    gboolean known;
    const CpAnswer *truth = truth_of(judge, last->state, &known);

    finding->verdict = verdict_of(judge, read, answer);
    finding->refresh = read->emulators > 0;
    finding->sample = answer && g_str_equal(read->name, "read");
    if (finding->verdict != CP_VERDICT_FRESH)
        finding->lines = explain(judge, read, answer);

    const char *cached = judge->in_memory ? judge->in_memory : judge->on_disk;
    finding->needed = finding->refresh && !(cached && truth && g_str_equal(cached, truth->canonical));
    if (finding->refresh && answer)
        judge->in_memory = judge->on_disk = answer->canonical;
    else if (answer)
        judge->in_memory = cached;
    judge->last_read = finding;
}

static void
judge_operation(Judge *judge, const CpEvent *operation)
{
    CpEffect effect = CP_EFFECT_NONE;
    cp_effect_parse(operation->effect, &effect);
    CpFinding *finding = add_finding(judge, operation);

    if (effect == CP_EFFECT_CACHE)
        judge->on_disk = NULL;
    if (effect == CP_EFFECT_PROCESS)
        judge->in_memory = NULL;
    if (!cp_effect_is_state(effect))
        return;

    Interval *before = &g_array_index(judge->intervals, Interval, judge->intervals->len - 1);
    gboolean known_before, known_after;
    const CpAnswer *truth_before = truth_of(judge, before->state, &known_before);
    const CpAnswer *truth_after = truth_of(judge, operation->state, &known_after);
    finding->known = known_before && known_after;
    finding->changed = finding->known && !same_answer(truth_before, truth_after);

    before->to_ns = operation->end_ns;
    Interval after = { operation->state, operation->begin_ns, G_MAXINT64 };
    g_array_append_val(judge->intervals, after);
}

static char *
describe_read(const CpEvent *read)
{
    return read->error ? g_strdup_printf("error: %s", read->error)
                       : g_strdup_printf("an answer; emulators started: %" G_GINT64_FORMAT, read->emulators);
}

static void
judge_expectation(Judge *judge, const CpEvent *expectation)
{
    const CpEvent *read = judge->last_read->event;
    const CpAnswer *answer = read->answer ? g_hash_table_lookup(judge->answers, read->answer) : NULL;
    const char *kind = expectation->args[0];
    CpFinding *finding = add_finding(judge, expectation);

    if (g_str_equal(kind, "answer"))
        finding->holds = answer != NULL;
    else if (g_str_equal(kind, "error"))
        finding->holds = !answer;
    else if (g_str_equal(kind, "probes"))
        finding->holds = read->emulators == g_ascii_strtoll(expectation->args[1], NULL, 10);
    else
        finding->holds =
            answer && cp_answer_has(answer, expectation->args[1], expectation->args[2]) == g_str_equal(kind, "has");

    if (!finding->holds) {
        g_autofree char *seen = describe_read(read);
        finding->lines = g_strdupv((GStrv)(const char *[]){ seen, NULL });
    }
}

static void
begin_round(Judge *judge, const CpEvent *round)
{
    Interval first = { round->state, round->begin_ns, G_MAXINT64 };
    judge->scenario = g_hash_table_lookup(judge->scenarios, round->scenario);
    judge->round = round;
    judge->in_memory = judge->on_disk = NULL;
    judge->last_read = NULL;
    g_array_set_size(judge->intervals, 0);
    g_array_append_val(judge->intervals, first);
}

static void
end_round(Judge *judge, const CpEvent *end)
{
    judge->scenario->rounds++;
    judge->scenario->wall_ns = cp_sum(judge->scenario->wall_ns, end->end_ns - judge->round->begin_ns);
    judge->scenario->libvirt_ns = cp_sum(judge->scenario->libvirt_ns, end->libvirt_ns);
    judge->round = NULL;
}

static void
add_scenario(Judge *judge, const CpEvent *event)
{
    CpJudgedScenario *scenario = g_new0(CpJudgedScenario, 1);
    scenario->name = event->scenario;
    scenario->file = event->file;
    scenario->findings = g_ptr_array_new_with_free_func(finding_free);
    g_ptr_array_add(judge->judgement->scenarios, scenario);
    g_hash_table_insert(judge->scenarios, event->scenario, scenario);
}

/* What an event must find before it. NULL, or what is missing. */
static const char *
missing_before(const Judge *judge, const CpEvent *event)
{
    gboolean in_round = event->type == CP_EVENT_OPERATION || event->type == CP_EVENT_READ ||
                        event->type == CP_EVENT_EXPECT || event->type == CP_EVENT_ROUND_END;
    gboolean names_answer = event->type == CP_EVENT_READ || event->type == CP_EVENT_TRUTH;
    gboolean names_scenario = event->type == CP_EVENT_ROUND || event->type == CP_EVENT_SKIP;

    if (in_round && !judge->round)
        return "an event of a round, but no 'round' before it";
    if (event->type == CP_EVENT_ROUND_END && event->end_ns < judge->round->begin_ns)
        return "a round that ended before it began";
    if (event->type == CP_EVENT_EXPECT && !judge->last_read)
        return "an 'expect', but no 'read' before it in its round";
    if (names_answer && event->answer && !g_hash_table_contains(judge->answers, event->answer))
        return "an answer that no 'answer' before it told";
    if (names_scenario && !g_hash_table_contains(judge->scenarios, event->scenario))
        return "a scenario that no 'scenario' before it told";
    return NULL;
}

static void
judge_event(Judge *judge, const CpEvent *event)
{
    switch (event->type) {
    case CP_EVENT_SCENARIO:
        add_scenario(judge, event);
        break;
    case CP_EVENT_SKIP:
        ((CpJudgedScenario *)g_hash_table_lookup(judge->scenarios, event->scenario))->skipped = event->error;
        judge->round = NULL;
        break;
    case CP_EVENT_ANSWER:
        if (!g_hash_table_contains(judge->answers, event->answer))
            g_hash_table_insert(judge->answers, event->answer, cp_answer_new(event->xml));
        break;
    case CP_EVENT_TRUTH:
        g_hash_table_insert(judge->truths, event->state, (gpointer)event);
        break;
    case CP_EVENT_ROUND:
        begin_round(judge, event);
        break;
    case CP_EVENT_ROUND_END:
        end_round(judge, event);
        break;
    case CP_EVENT_OPERATION:
        judge_operation(judge, event);
        break;
    case CP_EVENT_READ:
        judge_read(judge, event);
        break;
    case CP_EVENT_EXPECT:
        judge_expectation(judge, event);
        break;
    case CP_EVENT_END:
        judge->judgement->end = event;
        break;
    case CP_EVENT_HISTORY:
    case CP_EVENT_PROFILE:
    case CP_EVENT_LAST:
        break;
    }
}

CpJudgement *
cp_judge(GPtrArray *history, const char *file, GError **error)
{
    g_autoptr(CpJudgement) judgement = g_new0(CpJudgement, 1);
    g_autoptr(GHashTable) scenarios = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) answers =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)cp_answer_free);
    g_autoptr(GHashTable) truths = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) intervals = g_array_new(FALSE, FALSE, sizeof(Interval));
    Judge judge = { .judgement = judgement,
                    .file = file,
                    .scenarios = scenarios,
                    .answers = answers,
                    .truths = truths,
                    .intervals = intervals };

    judgement->history = g_ptr_array_ref(history);
    judgement->scenarios = g_ptr_array_new_with_free_func(scenario_free);
    for (guint i = 0; i < history->len; i++) {
        const char *missing = missing_before(&judge, history->pdata[i]);
        if (missing) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: %s", file, i + 1, missing);
            return NULL;
        }
        judge_event(&judge, history->pdata[i]);
    }
    return g_steal_pointer(&judgement);
}

CpExit
cp_judgement_exit(const CpJudgement *judgement)
{
    gboolean any = FALSE, unknown = FALSE;

    if (judgement->end->status == CP_EXIT_INTERRUPTED)
        return CP_EXIT_INTERRUPTED;
    for (guint s = 0; s < judgement->scenarios->len; s++) {
        const CpJudgedScenario *scenario = judgement->scenarios->pdata[s];
        for (guint i = 0; i < scenario->findings->len; i++) {
            const CpFinding *finding = scenario->findings->pdata[i];
            gboolean read = finding->event->type == CP_EVENT_READ;
            gboolean bad_read = read && finding->verdict != CP_VERDICT_FRESH && finding->verdict != CP_VERDICT_UNKNOWN;
            if (bad_read || (finding->event->type == CP_EVENT_EXPECT && !finding->holds))
                return CP_EXIT_BAD;
            any |= read;
            unknown |= read && finding->verdict == CP_VERDICT_UNKNOWN;
        }
    }
    if (judgement->end->status != CP_EXIT_WELL)
        return judgement->end->status;
    return any && !unknown ? CP_EXIT_WELL : CP_EXIT_UNTESTABLE;
}
