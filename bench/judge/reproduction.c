/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reproduction: whether the defect that a scenario is about shows. */
#include "judge/reproduction.h"

typedef enum { SHOWN, PARTLY, ABSENT, OTHER, UNDECIDED, N_RESULTS } Result;

typedef struct {
    char *name;
    gint64 rounds[N_RESULTS]; /* with this result */
    char *why[N_RESULTS];     /* of the first of them, or NULL */
} Scenario;

struct _CpReproduction {
    GHashTable *about;    /* the names of scenarios that are about a defect */
    GPtrArray *scenarios; /* of Scenario: those that had a round, in the order of the history */
    char *learned;        /* the scenario of the round that is learned */

    /* The present round. */
    Scenario *scenario; /* NULL if it is not about a defect, and between rounds */
    gint64 line;        /* of the last read */
    guint holding, failing;
    gboolean bad;                   /* the last read is, and no expectation has said so yet */
    gboolean hidden;                /* its answer is fresh, but what is on disk is not */
    char *seen;                     /* how it is bad */
    char *other, *absent, *unknown; /* the first of each, as text, or NULL */
};

static void
scenario_free(gpointer data)
{
    Scenario *scenario = data;
    g_free(scenario->name);
    for (Result result = 0; result < N_RESULTS; result++)
        g_free(scenario->why[result]);
    g_free(scenario);
}

CpReproduction *
cp_reproduction_new(void)
{
    CpReproduction *reproduction = g_new0(CpReproduction, 1);
    reproduction->about = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reproduction->scenarios = g_ptr_array_new_with_free_func(scenario_free);
    return reproduction;
}

/* Forgets the present round. */
static void
drop_round(CpReproduction *reproduction)
{
    reproduction->scenario = NULL;
    reproduction->holding = reproduction->failing = 0;
    reproduction->bad = FALSE;
    g_clear_pointer(&reproduction->seen, g_free);
    g_clear_pointer(&reproduction->other, g_free);
    g_clear_pointer(&reproduction->absent, g_free);
    g_clear_pointer(&reproduction->unknown, g_free);
}

void
cp_reproduction_free(CpReproduction *reproduction)
{
    if (!reproduction)
        return;
    drop_round(reproduction);
    g_hash_table_unref(reproduction->about);
    g_ptr_array_unref(reproduction->scenarios);
    g_free(reproduction->learned);
    g_free(reproduction);
}

void
cp_reproduction_learn(CpReproduction *reproduction, const CpEvent *event)
{
    if (event->type == CP_EVENT_ROUND) {
        g_free(reproduction->learned);
        reproduction->learned = g_strdup(event->scenario);
    }
    if (event->type == CP_EVENT_EXPECT && reproduction->learned &&
        cp_expectation_is_defect((const char *const *)event->args) &&
        !cp_reproduction_is_about(reproduction, reproduction->learned))
        g_hash_table_add(reproduction->about, g_strdup(reproduction->learned));
}

gboolean
cp_reproduction_is_about(const CpReproduction *reproduction, const char *scenario)
{
    return scenario && g_hash_table_contains(reproduction->about, scenario);
}

static Scenario *
scenario_of(CpReproduction *reproduction, const char *name)
{
    for (guint i = 0; i < reproduction->scenarios->len; i++) {
        Scenario *scenario = reproduction->scenarios->pdata[i];
        if (g_str_equal(scenario->name, name))
            return scenario;
    }
    Scenario *scenario = g_new0(Scenario, 1);
    scenario->name = g_strdup(name);
    g_ptr_array_add(reproduction->scenarios, scenario);
    return scenario;
}

/* Keeps the first of several texts. */
static void
keep_first(char **first, char *text)
{
    if (*first)
        g_free(text);
    else
        *first = text;
}

/* If the last read was bad in a way that no expectation about it says, that is another defect. */
static void
end_read(CpReproduction *reproduction)
{
    if (reproduction->bad)
        keep_first(&reproduction->other,
                   g_strdup_printf("line %" G_GINT64_FORMAT " is %s", reproduction->line, reproduction->seen));
    reproduction->bad = FALSE;
    g_clear_pointer(&reproduction->seen, g_free);
}

static void
add_read(CpReproduction *reproduction, const CpFinding *finding, gboolean bad)
{
    const CpEvent *read = finding->event;
    const char *verdict = cp_verdict_name(finding->verdict), *why = read->error ? read->error : read->lost;
    end_read(reproduction);
    reproduction->line = read->line;
    reproduction->bad = bad;
    reproduction->hidden = finding->hidden;
    reproduction->seen = finding->verdict == CP_VERDICT_FRESH ? g_strdup("hidden")
                         : why                                ? g_strdup_printf("%s (%s)", verdict, why)
                                                              : g_strdup(verdict);
    if (finding->verdict == CP_VERDICT_UNKNOWN)
        keep_first(&reproduction->unknown,
                   g_strdup_printf("the verdict of line %" G_GINT64_FORMAT " is unknown", read->line));
}

/* Returns whether an expectation that holds says how the read is bad. */
static gboolean
explains(const CpEvent *expectation, gboolean hidden)
{
    const char *kind = expectation->args[0];
    return hidden ? g_str_equal(kind, "cache") : g_str_equal(kind, "verdict") || g_str_equal(kind, "lost");
}

static void
add_expectation(CpReproduction *reproduction, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    g_autofree char *wanted = g_strjoinv(" ", event->args);
    const char *seen = finding->lines ? finding->lines[0] : "";

    if (finding->expected == CP_EXPECTED_UNKNOWN) {
        keep_first(&reproduction->unknown, g_strdup_printf("line %" G_GINT64_FORMAT ": %s", event->line, seen));
    } else if (finding->expected == CP_EXPECTED_HOLDS) {
        reproduction->holding += finding->defect;
        if (finding->defect && explains(event, reproduction->hidden))
            reproduction->bad = FALSE;
    } else {
        char *text = g_strdup_printf("line %" G_GINT64_FORMAT ": expected '%s', seen: %s", event->line, wanted, seen);
        reproduction->failing += finding->defect;
        if (finding->defect && reproduction->bad) {
            g_autofree char *how = g_steal_pointer(&reproduction->seen);
            reproduction->seen = g_strdup_printf("%s, expected '%s'", how, wanted);
        }
        keep_first(finding->defect ? &reproduction->absent : &reproduction->other, text);
    }
}

static void
end_round(CpReproduction *reproduction, gboolean complete)
{
    Scenario *scenario = reproduction->scenario;
    end_read(reproduction);
    Result result = reproduction->other                                      ? OTHER
                    : reproduction->holding > 0 && reproduction->failing > 0 ? PARTLY
                    : reproduction->holding > 0                              ? SHOWN
                    : reproduction->unknown                                  ? UNDECIDED
                                                                             : ABSENT;
    char **why = result == OTHER       ? &reproduction->other
                 : result == UNDECIDED ? &reproduction->unknown
                                       : &reproduction->absent;
    if (complete || result != ABSENT) {
        scenario->rounds[result]++;
        if (*why)
            keep_first(&scenario->why[result], g_steal_pointer(why));
    }
    drop_round(reproduction);
}

void
cp_reproduction_add(CpReproduction *reproduction, const char *name, const CpFinding *finding, gboolean bad)
{
    CpEventType type = finding->event->type;
    if (type == CP_EVENT_ROUND) {
        drop_round(reproduction);
        reproduction->scenario =
            cp_reproduction_is_about(reproduction, finding->scenario) ? scenario_of(reproduction, name) : NULL;
    }
    if (!reproduction->scenario)
        return;
    if (type == CP_EVENT_READ)
        add_read(reproduction, finding, bad);
    else if (type == CP_EVENT_EXPECT)
        add_expectation(reproduction, finding);
    else if (type == CP_EVENT_ROUND_END)
        end_round(reproduction, TRUE);
    else if (type == CP_EVENT_SKIP || type == CP_EVENT_UNTESTABLE)
        drop_round(reproduction);
}

void
cp_reproduction_spoil(CpReproduction *reproduction, const char *reason)
{
    if (reproduction->scenario)
        keep_first(&reproduction->other, g_strdup(reason));
}

void
cp_reproduction_finish(CpReproduction *reproduction)
{
    if (reproduction->scenario)
        end_round(reproduction, FALSE);
}

static gboolean
shows(const Scenario *scenario)
{
    return scenario->rounds[SHOWN] + scenario->rounds[PARTLY] > 0;
}

gboolean
cp_reproduction_shows(const CpReproduction *reproduction)
{
    for (guint i = 0; i < reproduction->scenarios->len; i++) {
        if (shows(reproduction->scenarios->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

void
cp_reproduction_count(const CpReproduction *reproduction, gint64 *shown, gint64 *rounds)
{
    *shown = *rounds = 0;
    for (guint i = 0; i < reproduction->scenarios->len; i++) {
        const Scenario *scenario = reproduction->scenarios->pdata[i];
        *shown += scenario->rounds[SHOWN] + scenario->rounds[PARTLY];
        for (Result result = 0; result < N_RESULTS; result++)
            *rounds += scenario->rounds[result];
    }
}

char *
cp_reproduction_reason(const CpReproduction *reproduction)
{
    for (guint i = 0; i < reproduction->scenarios->len; i++) {
        const Scenario *scenario = reproduction->scenarios->pdata[i];
        Result result = scenario->rounds[OTHER] > 0 ? OTHER : UNDECIDED;
        if (!shows(scenario) && scenario->rounds[result] > 0)
            return g_strdup_printf("whether %s shows its defect is not known: %s", scenario->name,
                                   scenario->why[result]);
    }
    return NULL;
}

void
cp_reproduction_describe(const CpReproduction *reproduction, GStrvBuilder *lines)
{
    static const char *const texts[] = {
        [SHOWN] = CP_REPRODUCED "as expected", [PARTLY] = CP_REPRODUCED "in part", [ABSENT] = CP_NOT_REPRODUCED,
        [OTHER] = "not the expected defect",   [UNDECIDED] = "undecided",
    };
    for (guint i = 0; i < reproduction->scenarios->len; i++) {
        const Scenario *scenario = reproduction->scenarios->pdata[i];
        g_autoptr(GString) line = g_string_new(scenario->name);
        gint64 all = 0;
        for (Result result = 0; result < N_RESULTS; result++)
            all += scenario->rounds[result];
        const char *separator = ": ";
        for (Result result = 0; result < N_RESULTS; result++) {
            if (scenario->rounds[result] == 0)
                continue;
            g_string_append_printf(line, "%s%s", separator, texts[result]);
            if (scenario->rounds[result] < all)
                g_string_append_printf(line, " in %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " rounds",
                                       scenario->rounds[result], all);
            if (scenario->why[result] && result != ABSENT)
                g_string_append_printf(line, " (%s)", scenario->why[result]);
            separator = "; ";
        }
        if (all > 0)
            g_strv_builder_add(lines, line->str);
    }
}
