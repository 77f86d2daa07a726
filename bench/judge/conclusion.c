/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conclusion from all findings: the exit status, and the reason if nothing can be said. */
#include "judge/conclusion.h"

#include "judge/reproduction.h"
#include "judge/who-runs.h"

typedef struct {
    const char *name;
    char *skipped;        /* why it could not be carried out, or NULL */
    gboolean needs;       /* this was found out before the run */
    char *untestable;     /* why the last round was, or NULL */
    char *state;          /* of the begin of the round, until its first read */
    char *never_answered; /* the error that is the truth at the begin of a round, or NULL */
    gboolean expects_error;
} Scenario;

typedef struct {
    gint64 reads, unknown, undecided, bad, faults;
} Counts;

struct _CpConclusion {
    gboolean strict;
    GHashTable *scenarios; /* name, with its variant if there are several, to Scenario */
    GPtrArray *names;      /* in the order of the history; owned by the table */
    GPtrArray *idle;       /* of char *: the variants without a complete round */
    CpReproduction *reproduction;
    CpWhoRuns *who_runs;
    Counts counts, before; /* `before`: at the begin of the round */
    char *mistake;         /* the first one in a scenario: "FILE:LINE:COLUMN: ..." */
    gboolean ended;
    gint64 status;
    char *error;
};

static void
scenario_free(gpointer data)
{
    Scenario *scenario = data;
    g_free(scenario->skipped);
    g_free(scenario->untestable);
    g_free(scenario->state);
    g_free(scenario->never_answered);
    g_free(scenario);
}

CpConclusion *
cp_conclusion_new(gboolean strict)
{
    CpConclusion *conclusion = g_new0(CpConclusion, 1);
    conclusion->strict = strict;
    conclusion->scenarios = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, scenario_free);
    conclusion->names = g_ptr_array_new();
    conclusion->idle = g_ptr_array_new_with_free_func(g_free);
    conclusion->reproduction = cp_reproduction_new();
    conclusion->who_runs = cp_who_runs_new();
    return conclusion;
}

void
cp_conclusion_free(CpConclusion *conclusion)
{
    if (!conclusion)
        return;
    g_hash_table_unref(conclusion->scenarios);
    g_ptr_array_unref(conclusion->names);
    g_ptr_array_unref(conclusion->idle);
    cp_reproduction_free(conclusion->reproduction);
    cp_who_runs_free(conclusion->who_runs);
    g_free(conclusion->mistake);
    g_free(conclusion->error);
    g_free(conclusion);
}

void
cp_conclusion_learn(CpConclusion *conclusion, const CpEvent *event)
{
    cp_reproduction_learn(conclusion->reproduction, event);
}

static Scenario *
scenario_of(CpConclusion *conclusion, const char *name)
{
    Scenario *scenario = g_hash_table_lookup(conclusion->scenarios, name);
    if (!scenario) {
        char *copy = g_strdup(name);
        scenario = g_new0(Scenario, 1);
        scenario->name = copy;
        g_hash_table_insert(conclusion->scenarios, copy, scenario);
        g_ptr_array_add(conclusion->names, copy);
    }
    return scenario;
}

static void
replace(char **text, const char *by)
{
    g_free(*text);
    *text = g_strdup(by);
}

static void
add_read(CpConclusion *conclusion, Scenario *scenario, const CpFinding *finding, const CpTruths *truths)
{
    const CpTruth *truth = scenario->state ? cp_truths_find(truths, scenario->state, finding->event->question) : NULL;
    if (truth && truth->known && truth->error && !scenario->never_answered)
        scenario->never_answered = g_strdup(truth->error);
    g_clear_pointer(&scenario->state, g_free);

    gboolean bad =
        (finding->verdict != CP_VERDICT_FRESH && finding->verdict != CP_VERDICT_UNKNOWN && !finding->excused) ||
        (conclusion->strict && finding->hidden);
    if (scenario->never_answered)
        cp_reproduction_spoil(conclusion->reproduction, "libvirt does not answer at the begin");
    cp_reproduction_add(conclusion->reproduction, scenario->name, finding, bad);
    conclusion->counts.reads++;
    conclusion->counts.unknown += finding->verdict == CP_VERDICT_UNKNOWN;
    conclusion->counts.bad += bad && !cp_reproduction_is_about(conclusion->reproduction, finding->scenario);
    conclusion->counts.faults += finding->fault;
}

/* In a scenario about a defect it is the reproduction that counts. */
static void
add_expectation(CpConclusion *conclusion, Scenario *scenario, const CpFinding *finding)
{
    gboolean about = cp_reproduction_is_about(conclusion->reproduction, finding->scenario);
    conclusion->counts.bad += !about && finding->expected == CP_EXPECTED_FAILS;
    conclusion->counts.undecided += !about && finding->expected == CP_EXPECTED_UNKNOWN;
    if (finding->expected == CP_EXPECTED_MISTAKE && !conclusion->mistake)
        conclusion->mistake = g_strdup(finding->lines[0]);
    scenario->expects_error |= g_str_equal(finding->event->args[0], "error");
}

void
cp_conclusion_add(CpConclusion *conclusion, const CpFinding *finding, const CpTruths *truths)
{
    const CpEvent *event = finding->event;
    g_autofree char *name = finding->scenario && finding->variant
                                ? g_strdup_printf("%s (%s)", finding->scenario, finding->variant)
                                : g_strdup(finding->scenario);
    Scenario *scenario = finding->scenario ? scenario_of(conclusion, name) : NULL;
    guint place;

    cp_who_runs_add(conclusion->who_runs, finding);
    if (event->type != CP_EVENT_READ)
        cp_reproduction_add(conclusion->reproduction, scenario ? scenario->name : NULL, finding, FALSE);
    switch (event->type) {
    case CP_EVENT_SKIP:
        if (finding->in_round)
            conclusion->counts = conclusion->before;
        replace(&scenario->skipped, event->error);
        scenario->needs = event->needs;
        break;
    case CP_EVENT_ROUND:
        conclusion->before = conclusion->counts;
        replace(&scenario->state, event->state);
        break;
    case CP_EVENT_ROUND_END:
        g_clear_pointer(&scenario->untestable, g_free);
        if (finding->variant &&
            g_ptr_array_find_with_equal_func(conclusion->idle, finding->variant, g_str_equal, &place))
            g_ptr_array_remove_index(conclusion->idle, place);
        break;
    case CP_EVENT_VARIANT:
        g_ptr_array_add(conclusion->idle, g_strdup(event->variant));
        break;
    case CP_EVENT_UNTESTABLE:
        conclusion->counts = conclusion->before;
        replace(&scenario->untestable, event->error);
        break;
    case CP_EVENT_READ:
        add_read(conclusion, scenario, finding, truths);
        break;
    case CP_EVENT_SETTLE:
        conclusion->counts.bad += finding->settle.settled == CP_SETTLED_NEVER;
        break;
    case CP_EVENT_EXPECT:
        add_expectation(conclusion, scenario, finding);
        break;
    case CP_EVENT_END:
        conclusion->ended = TRUE;
        conclusion->status = event->status;
        replace(&conclusion->error, event->error);
        break;
    default:
        break;
    }
}

/* Returns why nothing can be said; NULL if there is no reason. The caller owns it. */
static char *
find_reason(const CpConclusion *conclusion)
{
    const char *unmet = NULL;
    for (guint i = 0; i < conclusion->names->len; i++) {
        const char *name = conclusion->names->pdata[i];
        const Scenario *scenario = g_hash_table_lookup(conclusion->scenarios, name);
        if (scenario->skipped && !scenario->needs)
            return g_strdup_printf("%s could not be carried out to its end: %s", name, scenario->skipped);
        if (scenario->untestable)
            return g_strdup_printf("the timing of %s did not come about: %s", name, scenario->untestable);
        if (scenario->never_answered && !scenario->expects_error)
            return g_strdup_printf("at the begin of %s libvirt does not answer, and no step expects an error: %s", name,
                                   scenario->never_answered);
        unmet = scenario->skipped ? scenario->skipped : unmet;
    }
    char *reproduction = cp_reproduction_reason(conclusion->reproduction);
    if (reproduction)
        return reproduction;
    if (!conclusion->ended)
        return g_strdup("the history is cut off");
    if (conclusion->counts.reads > 0 && conclusion->idle->len > 0)
        return g_strdup_printf("the variant %s had no complete round", (const char *)conclusion->idle->pdata[0]);
    if (conclusion->counts.reads == 0)
        return unmet ? g_strdup_printf("nothing was run: %s", unmet) : g_strdup("there are no reads");
    if (conclusion->counts.unknown > 0)
        return g_strdup_printf("reads whose verdict is unknown: %" G_GINT64_FORMAT, conclusion->counts.unknown);
    if (conclusion->counts.undecided > 0)
        return g_strdup_printf("expectations of which it cannot be told whether they hold: %" G_GINT64_FORMAT,
                               conclusion->counts.undecided);
    return NULL;
}

CpJudgement *
cp_conclusion_finish(CpConclusion *conclusion, const GPtrArray *differences)
{
    CpJudgement *judgement = g_new0(CpJudgement, 1);
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new(), notes = g_strv_builder_new();
    g_autofree char *reason = NULL;
    cp_reproduction_finish(conclusion->reproduction);
    cp_reproduction_count(conclusion->reproduction, &judgement->shown, &judgement->tried);
    if (!conclusion->mistake)
        cp_reproduction_describe(conclusion->reproduction, notes);
    cp_who_runs_describe(conclusion->who_runs, notes);
    judgement->notes = g_strv_builder_end(notes);
    for (guint i = 0; i < differences->len; i++)
        g_strv_builder_add(lines, differences->pdata[i]);
    judgement->differences = g_strv_builder_end(lines);
    judgement->cut_off = !conclusion->ended;
    judgement->status = conclusion->ended ? conclusion->status : CP_EXIT_UNTESTABLE;
    judgement->error = g_strdup(conclusion->ended ? conclusion->error : "the history is cut off");

    if (conclusion->ended && conclusion->status == CP_EXIT_INTERRUPTED) {
        judgement->exit = CP_EXIT_INTERRUPTED;
    } else if (conclusion->counts.faults > 0) {
        judgement->exit = CP_EXIT_FAILED;
        reason = g_strdup("a fault of the harness: " CP_NO_EMULATOR_COUNTED);
    } else if (conclusion->mistake) {
        judgement->exit = CP_EXIT_USAGE;
        reason = g_strdup(conclusion->mistake);
    } else if (conclusion->counts.bad > 0 || cp_reproduction_shows(conclusion->reproduction)) {
        judgement->exit = CP_EXIT_BAD;
    } else if (conclusion->ended && conclusion->status != CP_EXIT_WELL) {
        judgement->exit = conclusion->status;
    } else {
        reason = find_reason(conclusion);
        judgement->exit = reason ? CP_EXIT_UNTESTABLE : CP_EXIT_WELL;
    }
    judgement->reason = reason ? g_steal_pointer(&reason) : g_strdup("");
    return judgement;
}

void
cp_judgement_free(CpJudgement *judgement)
{
    if (!judgement)
        return;
    g_free(judgement->reason);
    g_free(judgement->error);
    g_strfreev(judgement->differences);
    g_strfreev(judgement->notes);
    g_free(judgement);
}
