/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: goes through a history event by event. */
#include "judge/judge.h"

#include "base/duration.h"

typedef struct {
    CpJudgement *judgement;
    GHashTable *scenarios;      /* name to CpJudgedScenario */
    GHashTable *answers;        /* digest to CpAnswer */
    CpTimeline *timeline;       /* the states of the round */
    CpJudgedScenario *scenario; /* of the present round */
    const CpEvent *round;       /* the present round, or NULL between rounds */
    CpFinding *last_read;       /* of the round, or NULL */
    /* A model of libvirt's two caches: the answers in them in canonical form, or NULL. */
    const char *in_memory, *on_disk;
} Judge;

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

static CpFinding *
add_finding(Judge *judge, const CpEvent *event)
{
    CpFinding *finding = g_new0(CpFinding, 1);
    finding->event = event;
    finding->round = judge->round->round;
    g_ptr_array_add(judge->scenario->findings, finding);
    return finding;
}

/* Returns the answer that a read or truth refers to; NULL if it is an error. */
static const CpAnswer *
answer_of(const Judge *judge, const CpEvent *event)
{
    return event->answer ? g_hash_table_lookup(judge->answers, event->answer) : NULL;
}

static GStrv
one_line(const char *line)
{
    return g_strdupv((GStrv)(const char *[]){ line, NULL });
}

/* Says how a read differs from the truth of the last state that it can have seen. */
static GStrv
explain(const CpEvent *read, const CpAnswer *answer, const CpTruth *truth)
{
    if (!answer)
        return one_line(read->error ? read->error : read->lost);
    if (!truth)
        return one_line("the history does not record the truth of this state");
    if (truth->answer)
        return cp_answer_difference(truth->answer, answer);
    g_autofree char *line = g_strdup_printf("libvirt answered, but with an empty cache it fails: %s", truth->error);
    return one_line(line);
}

static void
judge_read(Judge *judge, const CpEvent *read)
{
    const CpAnswer *answer = answer_of(judge, read);
    const CpTruth *truth = cp_timeline_truth(judge->timeline, cp_timeline_state_seen(judge->timeline, read));
    CpFinding *finding = add_finding(judge, read);

    finding->verdict = cp_timeline_verdict(judge->timeline, read, answer);
    finding->refresh = read->emulators > 0;
    finding->sample = answer && g_str_equal(read->name, "read");
    if (finding->verdict != CP_VERDICT_FRESH)
        finding->lines = explain(read, answer, truth);

    const char *cached = judge->in_memory ? judge->in_memory : judge->on_disk;
    gboolean cache_is_true = cached && truth && truth->answer && g_str_equal(cached, truth->answer->canonical);
    finding->needed = finding->refresh && !cache_is_true;
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

    const CpTruth *before = cp_timeline_truth(judge->timeline, cp_timeline_state(judge->timeline));
    const CpTruth *after = cp_timeline_truth(judge->timeline, operation->state);
    finding->known = before && after;
    finding->changed = finding->known && !cp_truth_is(before, after->answer);
    cp_timeline_change(judge->timeline, operation->state, operation->begin_ns, operation->end_ns);
}

static char *
describe_read(const CpEvent *read)
{
    return read->lost    ? g_strdup_printf("lost: %s", read->lost)
           : read->error ? g_strdup_printf("error: %s", read->error)
                         : g_strdup_printf("an answer; emulators started: %" G_GINT64_FORMAT, read->emulators);
}

static void
judge_expectation(Judge *judge, const CpEvent *expectation)
{
    const CpEvent *read = judge->last_read->event;
    const CpAnswer *answer = answer_of(judge, read);
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
        finding->lines = one_line(seen);
    }
}

static void
begin_round(Judge *judge, const CpEvent *round)
{
    judge->scenario = g_hash_table_lookup(judge->scenarios, round->scenario);
    judge->round = round;
    judge->in_memory = judge->on_disk = NULL;
    judge->last_read = NULL;
    cp_timeline_begin(judge->timeline, round->state, round->begin_ns);
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

/* Returns what is missing in the history before this event; NULL if nothing is. */
static const char *
missing_before(const Judge *judge, const CpEvent *event)
{
    gboolean in_round = event->type == CP_EVENT_OPERATION || event->type == CP_EVENT_READ ||
                        event->type == CP_EVENT_EXPECT || event->type == CP_EVENT_ROUND_END;
    gboolean names_answer = event->type == CP_EVENT_READ || event->type == CP_EVENT_TRUTH;
    gboolean names_scenario = event->type == CP_EVENT_ROUND || event->type == CP_EVENT_SKIP;

    if (in_round && !judge->round)
        return "an event of a round, outside a round";
    if (event->type == CP_EVENT_ROUND_END && event->end_ns < judge->round->begin_ns)
        return "a round that ended before it began";
    if (event->type == CP_EVENT_EXPECT && !judge->last_read)
        return "an 'expect' without a 'read' before it in its round";
    if (names_answer && event->answer && !g_hash_table_contains(judge->answers, event->answer))
        return "refers to an unknown answer";
    if (names_scenario && !g_hash_table_contains(judge->scenarios, event->scenario))
        return "refers to an unknown scenario";
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
        cp_timeline_set_truth(judge->timeline, event->state,
                              (CpTruth){ answer_of(judge, event), event->error ? event->error : event->lost });
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
    case CP_EVENT_UNTESTABLE:
        judge->round = NULL;
        break;
    case CP_EVENT_DOCUMENT:
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
    g_autoptr(CpTimeline) timeline = cp_timeline_new();
    Judge judge = { .judgement = judgement, .scenarios = scenarios, .answers = answers, .timeline = timeline };

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

GStrv
cp_finding_lines(const CpFinding *finding, guint max, const char *hint)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    guint length = finding->lines ? g_strv_length(finding->lines) : 0;

    for (guint i = 0; i < MIN(length, max); i++)
        g_strv_builder_add(lines, finding->lines[i]);
    if (length > max) {
        g_autofree char *rest = g_strdup_printf("and %u more%s", length - max, hint);
        g_strv_builder_add(lines, rest);
    }
    return g_strv_builder_end(lines);
}
