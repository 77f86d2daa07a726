/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The simulated host: its states, what is true in them, and what a history tells about that. */
#include "model-host.h"

typedef struct {
    char *xml, *digest;
} Text;

static Text answers[QUESTIONS][DOCUMENTS][2], documents[DOCUMENTS + 1];
static const char *const questions[] = { "domcaps /qemu - - - 0", "domcaps /qemu - - - 1", "domcaps /other - - - 0",
                                         "capabilities" };

static Text
text_new(char *xml)
{
    return (Text){ xml, g_compute_checksum_for_string(G_CHECKSUM_SHA256, xml, -1) };
}

/* Makes all texts, once. They are kept to the end. */
static void
make_texts(void)
{
    static gsize done;
    if (!g_once_init_enter(&done))
        return;
    for (guint d = 0; d < DOCUMENTS; d++) {
        guint shown = d & ~(guint)FACT_HIDDEN;
        for (guint q = 0; q < QUESTIONS; q++) {
            for (guint layout = 0; layout < 2; layout++)
                answers[q][d][layout] = text_new(
                    g_strdup_printf("<answer>%s<to>%u</to><is>%u</is></answer>", layout ? "\n " : "", q, shown));
        }
        documents[d] = text_new(g_strdup_printf("<qemuCaps><flag name='f%u'/></qemuCaps>", d));
    }
    documents[DOCUMENT_UNREADABLE] = text_new(g_strdup("no XML"));
    g_once_init_leave(&done, 1);
}

void
host_tell_begin(GPtrArray *events, guint32 seed, gboolean noted)
{
    CpEvent *history = cp_event_new(CP_EVENT_HISTORY), *scenario = cp_event_new(CP_EVENT_SCENARIO);
    history->schema = g_strdup(CP_HISTORY_SCHEMA);
    history->environment = json_object_new();
    history->seed = seed;
    history->documents = noted;
    scenario->scenario = g_strdup("model");
    scenario->file = g_strdup("model");
    scenario->text = g_strdup("");
    g_ptr_array_add(events, history);
    g_ptr_array_add(events, scenario);
}

static void
tell_texts(GPtrArray *events, gboolean documented)
{
    for (guint q = 0; q < QUESTIONS; q++) {
        for (guint d = 0; d < DOCUMENTS * 2; d++) {
            CpEvent *event = cp_event_new(CP_EVENT_ANSWER);
            event->answer = g_strdup(answers[q][d / 2][d % 2].digest);
            event->xml = g_strdup(answers[q][d / 2][d % 2].xml);
            g_ptr_array_add(events, event);
        }
    }
    for (guint d = 0; documented && d <= DOCUMENTS; d++) {
        CpEvent *event = cp_event_new(CP_EVENT_DOCUMENT);
        event->document = g_strdup(documents[d].digest);
        event->xml = g_strdup(documents[d].xml);
        g_ptr_array_add(events, event);
    }
}

guint
host_document(guint state)
{
    return state & FACT_BROKEN ? DOCUMENT_NONE : state % DOCUMENTS;
}

void
host_tell_document(CpEvent *event, guint document)
{
    if (document != DOCUMENT_NONE)
        event->document = g_strdup(documents[document].digest);
}

void
host_tell(CpEvent *event, guint question, guint document, guint state, gboolean layout)
{
    event->question = g_strdup(questions[question]);
    if (document == DOCUMENT_NONE) {
        event->error = g_strdup("failed");
        event->domain = 10;
        event->code = 1 + (state & FACT_A);
    } else {
        event->answer = g_strdup(answers[question][document][layout].digest);
    }
}

/* Tells one pass of a truth: right, wrong in the outcome, wrong in the document, or lost. */
static void
tell_truth(Host *host, GPtrArray *events, guint state, guint question, gint64 pass, guint how)
{
    enum { RIGHT, OTHER_OUTCOME, OTHER_DOCUMENT, LOST };
    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->pass = pass;
    event->state = g_strdup_printf("state-%u", state);
    event->emulators = 1;
    if (how == LOST) {
        event->question = g_strdup(questions[question]);
        event->lost = g_strdup("no answer");
    } else {
        guint told = how == OTHER_OUTCOME ? state ^ FACT_A : state;
        host_tell(event, question, host_document(told), told, pass == 2);
        told = how == OTHER_DOCUMENT ? state ^ FACT_B : state;
        if (host->documented && host->saved)
            host_tell_document(event, host_document(told));
    }
    g_ptr_array_add(events, event);
}

/* Tells the truth of a state in one of the ways in which a run can learn it. */
static void
tell_state(Host *host, GRand *random, GPtrArray *events, guint state, guint question)
{
    static const struct {
        int first, second; /* as in tell_truth(); -1: not told */
        Told told;
    } ways[] = {
        { 0, -1, { TRUE, TRUE } },  { 0, 0, { TRUE, TRUE } },  { 3, 0, { TRUE, TRUE } },
        { 0, 3, { TRUE, TRUE } },   { 3, -1, { 0 } },          { 3, 3, { 0 } },
        { 0, 1, { FALSE, FALSE } }, { 0, 2, { TRUE, FALSE } }, { -1, -1, { 0 } },
    };
    guint n = (guint)g_rand_int_range(random, 0, 3) ? 2 : G_N_ELEMENTS(ways);
    guint way = state == 0 && question == 0 ? 0 : (guint)g_rand_int_range(random, 0, (gint)n);
    int passes[] = { ways[way].first, ways[way].second };

    host->told[state][question] = ways[way].told;
    /* Neither an error nor a history without documents has documents that can differ. */
    if (passes[1] == 2 && (!host->documented || state & FACT_BROKEN))
        host->told[state][question].document = TRUE;
    /* What would have been saved is not known. */
    if (!host->saved && !(state & FACT_BROKEN))
        host->told[state][question].document = FALSE;
    for (guint i = 0; i < 2; i++) {
        if (passes[i] >= 0)
            tell_truth(host, events, state, question, i + 1, (guint)passes[i]);
    }
}

Host *
host_new(GRand *random, gboolean documented, gboolean saved, GPtrArray *events)
{
    Host *host = g_new0(Host, 1);
    host->documented = documented;
    host->saved = saved;
    host->states = g_array_new(FALSE, TRUE, sizeof(HostState));
    make_texts();
    tell_texts(events, documented && saved);
    for (guint state = 0; state < STATES; state++) {
        for (guint question = 0; question < QUESTIONS; question++)
            tell_state(host, random, events, state, question);
    }
    return host;
}

void
host_free(Host *host)
{
    g_array_unref(host->states);
    g_free(host);
}

const HostState *
host_at(const Host *host, gint64 ns)
{
    guint i = host->states->len - 1;
    while (i > 0 && g_array_index(host->states, HostState, i).at_ns > ns)
        i--;
    return &g_array_index(host->states, HostState, i);
}

/* Returns when the operation ended that ended this state. */
static gint64
end_of(const Host *host, guint i)
{
    return i + 1 < host->states->len ? g_array_index(host->states, HostState, i + 1).end_ns : G_MAXINT64;
}

static gboolean
is_live(const Host *host, const CpEvent *read, guint i)
{
    return g_array_index(host->states, HostState, i).begin_ns <= read->end_ns && end_of(host, i) >= read->begin_ns;
}

gboolean
host_is_obscure(const Host *host, const CpEvent *read)
{
    for (guint i = 0; i < host->states->len; i++) {
        if (g_array_index(host->states, HostState, i).obscure && is_live(host, read, i))
            return TRUE;
    }
    return FALSE;
}

/* Returns the next state after `*i` that was live during the read and is told; FALSE if there is none. */
static gboolean
next_live(const Host *host, const CpEvent *read, guint *i, guint *state)
{
    for (; *i < host->states->len; (*i)++) {
        const HostState *at = &g_array_index(host->states, HostState, *i);
        if (!at->obscure && is_live(host, read, *i)) {
            *state = at->state;
            (*i)++;
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether a read ended as it does in `of`. */
static gboolean
ends_alike(guint document, guint state, guint of)
{
    guint right = host_document(of);
    if (document == DOCUMENT_NONE || right == DOCUMENT_NONE)
        return document == right && (state & FACT_A) == (of & FACT_A);
    return ((document ^ right) & ~(guint)FACT_HIDDEN) == 0;
}

CpVerdict
host_verdict(const Host *host, const CpEvent *read, guint question, guint document, guint state)
{
    gboolean all_told = !host_is_obscure(host, read), earlier = FALSE;
    guint live;
    if (read->lost)
        return CP_VERDICT_FAILED;
    for (guint i = 0; next_live(host, read, &i, &live);) {
        gboolean told = host->told[live][question].outcome;
        if (told && ends_alike(document, state, live))
            return CP_VERDICT_FRESH;
        all_told &= told;
    }
    for (guint i = 0; i < host->states->len; i++) {
        const HostState *past = &g_array_index(host->states, HostState, i);
        if (!past->obscure && end_of(host, i) < read->begin_ns)
            earlier |= host->told[past->state][question].outcome && ends_alike(document, state, past->state);
    }
    if (!all_told)
        return CP_VERDICT_UNKNOWN;
    return document == DOCUMENT_NONE ? CP_VERDICT_FAILED : earlier ? CP_VERDICT_STALE : CP_VERDICT_TORN;
}

CpRefresh
host_refresh(const Host *host, const CpEvent *read, guint question, guint cached)
{
    gboolean all_told = TRUE, all_same = TRUE;
    guint live;
    if (read->emulators == 0)
        return CP_REFRESH_NONE;
    if (question >= QUESTION_OTHER || host_is_obscure(host, read))
        return CP_REFRESH_UNKNOWN;
    if (cached == DOCUMENT_NONE || cached == DOCUMENT_UNREADABLE)
        return CP_REFRESH_NEEDED;
    for (guint i = 0; next_live(host, read, &i, &live);) {
        gboolean told = host->told[live][question].outcome && host->told[live][question].document;
        all_told &= told;
        all_same &= !told || host_document(live) == cached;
    }
    return !all_same ? CP_REFRESH_NEEDED : all_told ? CP_REFRESH_SPURIOUS : CP_REFRESH_UNKNOWN;
}

gboolean
host_is_live(const Host *host, const CpEvent *read, guint question, guint document)
{
    guint live;
    for (guint i = 0; next_live(host, read, &i, &live);) {
        if (host->told[live][question].outcome && host->told[live][question].document &&
            host_document(live) == document)
            return TRUE;
    }
    return FALSE;
}

gboolean
host_hidden(const Host *host, const CpEvent *read, guint question, guint disk)
{
    guint live;
    if (!host->documented || question >= QUESTION_OTHER || disk == DOCUMENT_NONE || host_is_obscure(host, read))
        return FALSE;
    for (guint i = 0; next_live(host, read, &i, &live);) {
        gboolean told = host->told[live][question].outcome && host->told[live][question].document;
        if (!told || host_document(live) == DOCUMENT_NONE || host_document(live) == disk)
            return FALSE;
    }
    return TRUE;
}
