/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random histories of a simulated libvirt on a simulated host. */
#include "model-libvirt.h"

#define ROUND_READS 24
#define SETTLE_LINE 7

static CpEvent *
add(Simulation *s, CpEventType type)
{
    CpEvent *event = cp_event_new(type);
    g_ptr_array_add(s->model->events, event);
    return event;
}

/* --- what the history tells --- */

/* Follows whether the history tells what is in memory, after a read. */
static void
follow(Simulation *s, const CpEvent *read, guint question, guint offered, guint disk_before)
{
    guint disk = s->disk.document == DOCUMENT_UNREADABLE ? DOCUMENT_NONE : s->disk.document;
    if (!s->host->documented) {
        if (read->emulators > 0)
            s->obscure = FALSE;
        else if (read->error)
            s->obscure |= offered != DOCUMENT_NONE;
    } else if (read->emulators > 0 && disk == DOCUMENT_NONE) {
        s->obscure = read->answer != NULL;
    } else if (read->emulators > 0) {
        s->obscure = disk == disk_before && (read->error || !host_is_live(s->host, read, question, disk));
    } else if (read->answer) {
        /* It may have come from either. */
        s->obscure |= disk_before != DOCUMENT_NONE && offered != disk_before;
    } else if (read->error) {
        gboolean removed = disk_before != DOCUMENT_NONE && disk == DOCUMENT_NONE;
        s->obscure = !removed && (s->obscure || offered != DOCUMENT_NONE);
    }
}

static gint64
later(Simulation *s, gint64 than)
{
    return than + below(s, 3) * below(s, SECOND / 4);
}

/* --- a round --- */

/* Changes the host, or only its directory's time, or only its contents. In a history with documents sometimes by a command,
 * which goes through another state, and may change what is on disk unless libvirt is at work. */
static void
change(Simulation *s, gboolean idle)
{
    static const guint facts[] = { 0, FACT_A, FACT_B, FACT_HIDDEN, FACT_KVM, FACT_BROKEN, FACT_NAME };
    HostState next = *host_at(s->host, G_MAXINT64);
    guint fact = facts[below(s, G_N_ELEMENTS(facts))];
    if ((fact == FACT_HIDDEN && !s->host->documented) ||
        (fact == FACT_BROKEN && !(next.state & fact) && below(s, has(s, MODEL_ERRORS_CACHED) ? 1 : 3)))
        fact = FACT_A;
    next.state ^= fact;
    next.begin_ns = s->now;
    next.at_ns = later(s, next.begin_ns);
    next.end_ns = later(s, next.at_ns);
    if (fact != FACT_KVM && below(s, 6))
        next.stamp = next.at_ns;
    gboolean run = s->host->documented && below(s, 4) == 0;
    if (run) {
        HostState middle = next;
        middle.state ^= 1u << below(s, 4);
        middle.obscure = TRUE;
        g_array_append_val(s->host->states, middle);
        next.at_ns = later(s, next.at_ns);
        next.end_ns = later(s, next.at_ns);
        g_array_index(s->host->states, HostState, s->host->states->len - 1).end_ns = next.end_ns;
        next.stamp = next.stamp == middle.stamp ? next.stamp : next.at_ns;
        if (idle && s->disk.document < DOCUMENTS && below(s, 2))
            s->disk.document ^= FACT_A;
    }
    g_array_append_val(s->host->states, next);

    CpEvent *event = add(s, CP_EVENT_OPERATION);
    event->name = g_strdup(run ? "run" : "remove");
    event->effect = g_strdup(cp_effect_name(run                ? CP_EFFECT_ANY
                                            : fact == FACT_KVM ? CP_EFFECT_KVM
                                                               : CP_EFFECT_MODULES));
    event->state = g_strdup_printf("state-%u", next.state);
    event->begin_ns = next.begin_ns;
    event->end_ns = s->now = s->changed = next.end_ns;
    if (s->host->documented)
        host_tell_document(event, s->disk.document);
}

/* Restarts libvirt, or does something to what is on disk. */
static void
disturb(Simulation *s)
{
    const HostState *host = host_at(s->host, G_MAXINT64);
    guint what = below(s, s->host->documented && s->host->saved ? 6 : 2);
    CpEvent *event = add(s, CP_EVENT_OPERATION);
    event->name = g_strdup(what == 0 ? "restart" : what == 1 ? "drop-cache" : "edit-cache");
    event->effect = g_strdup(cp_effect_name(what == 0 ? CP_EFFECT_PROCESS : CP_EFFECT_CACHE));
    event->state = g_strdup_printf("state-%u", host->state);
    event->begin_ns = s->now;
    event->end_ns = s->now = later(s, s->now);
    if (what == 0)
        libvirt_restart(s);
    else if (what == 1)
        s->disk = (Entry){ .document = DOCUMENT_NONE };
    else if (what == 2)
        s->disk = (Entry){ .document = DOCUMENT_UNREADABLE };
    else if (what == 3)
        s->disk = (Entry){ .document = below(s, 2) ? host->state % DOCUMENTS : below(s, DOCUMENTS),
                           .stamp = below(s, 2) ? host->stamp : 0 };
    /* If a document stays on disk that is right, the history cannot tell that another one was not saved. */
    else if (s->disk.document < DOCUMENTS && what == 4 && !has(s, MODEL_UNSAVED))
        s->disk.foreign = TRUE;
    else if (s->disk.document < DOCUMENTS)
        s->disk.document ^= below(s, 2) ? FACT_A : FACT_HIDDEN;
    s->read_end = s->now;
    if (s->host->documented)
        host_tell_document(event, s->disk.document);
}

/* A question about another emulator, or about all, whose caches are not simulated. */
static void
ask_other(Simulation *s, CpEvent *read, Call *call, guint question)
{
    call->state = host_at(s->host, call->look)->state;
    call->document = host_document(call->state);
    call->emulators = below(s, 2);
    s->obscure = TRUE;
    read->emulators = call->emulators;
    host_tell(read, question, call->document, call->state, FALSE);
}

/* The client dies, before the call or within it. */
static void
crash(Simulation *s, CpEvent *read, Call *call, guint question)
{
    if (s->host->documented && below(s, 2))
        libvirt_look_up(s, call);
    host_tell(read, question, 0, 0, FALSE);
    g_clear_pointer(&read->answer, g_free);
    read->lost = g_strdup("the client died");
    read->emulators = call->emulators;
    libvirt_restart(s);
}

/* Reads, with up to two changes meanwhile, but none if it is for a settle. Returns FALSE if the round must end, because the
 * harness was at fault. */
static gboolean
do_read(Simulation *s, gboolean settle)
{
    gint64 early = settle ? s->now : s->now - below(s, 2) * (gint64)below(s, SECOND / 2);
    gint64 begin = MAX(s->read_end, early);
    guint kind = below(s, 16);
    guint question = settle || !s->host->documented || kind > 4 ? QUESTION_RUN
                     : kind > 1                                 ? QUESTION_FLAGS
                                                                : QUESTION_OTHER + kind;
    for (guint i = !settle && below(s, 4) == 0 ? 1 + below(s, 2) : 0; i > 0; i--)
        change(s, FALSE);
    gint64 last_begin = MAX(begin, host_at(s->host, G_MAXINT64)->begin_ns);

    CpEvent *read = add(s, CP_EVENT_READ);
    read->name = g_strdup(settle ? "settle" : "read");
    read->line = settle ? SETTLE_LINE : 0;
    read->begin_ns = begin;
    read->end_ns = s->read_end = later(s, last_begin);
    gint64 next = later(s, read->end_ns);
    s->now = MAX(s->now, next);
    Call call = { .document = DOCUMENT_NONE, .check = begin + below(s, (guint)(read->end_ns - begin) + 1) };
    call.look = call.check + below(s, (guint)(read->end_ns - call.check) + 1);
    call.look_again = call.look + below(s, (guint)(read->end_ns - call.look) + 1);
    call.note = call.look_again + below(s, (guint)(read->end_ns - call.look_again) + 1);

    guint offered = s->memory.document == DOCUMENT_NONE ? s->disk.document : s->memory.document;
    guint disk_before = s->disk.document == DOCUMENT_UNREADABLE ? DOCUMENT_NONE : s->disk.document;
    offered = offered == DOCUMENT_UNREADABLE ? DOCUMENT_NONE : offered;
    ModelRead truth = { .obscure = s->obscure };
    if (has(s, MODEL_CRASHES) && below(s, 8) == 0) {
        crash(s, read, &call, question);
    } else if (question >= QUESTION_OTHER) {
        ask_other(s, read, &call, question);
    } else {
        libvirt_look_up(s, &call);
        host_tell(read, question, call.document, call.state, below(s, 2));
        gboolean obscure = host_is_obscure(s->host, read);
        truth.fault = has(s, MODEL_UNCOUNTED) && read->answer && !s->obscure && !obscure && offered == DOCUMENT_NONE &&
                      below(s, 4) == 0;
        read->emulators = truth.fault ? 0 : call.emulators;
        follow(s, read, question, offered, disk_before);
        s->obscure |= obscure;
    }
    if (s->host->documented)
        host_tell_document(read, s->disk.document);

    truth.verdict = host_verdict(s->host, read, question, call.document, call.state);
    truth.refresh = host_refresh(s->host, read, question, offered);
    truth.hidden = truth.verdict == CP_VERDICT_FRESH && host_hidden(s->host, read, question, s->disk.document);
    g_array_append_val(s->model->reads, truth);
    return !truth.fault;
}

/* Reads a few times, and tells that as a settle. */
static gboolean
do_settle(Simulation *s)
{
    const GArray *reads = s->model->reads;
    ModelSettle truth = { .settled = CP_SETTLED_NEVER };
    gint64 right = -1;
    gboolean well = TRUE, unknown = FALSE;
    for (guint n = 1 + below(s, 4); well && n > 0; n--) {
        well = do_read(s, TRUE);
        CpVerdict verdict = g_array_index(reads, ModelRead, reads->len - 1).verdict;
        if (right < 0 && verdict == CP_VERDICT_FRESH)
            right = s->read_end - s->changed;
        unknown |= verdict == CP_VERDICT_UNKNOWN;
        truth.stale += verdict == CP_VERDICT_STALE;
        truth.reads++;
    }
    CpEvent *settle = add(s, CP_EVENT_SETTLE);
    settle->line = SETTLE_LINE;
    settle->begin_ns = settle->end_ns = s->now;
    settle->limit_ns = below(s, 3) == 0 && right >= 0 ? right : below(s, 4 * SECOND);
    if (right >= 0 && right <= settle->limit_ns)
        truth = (ModelSettle){ CP_SETTLED_RIGHT, right, truth.reads, truth.stale };
    else if (unknown)
        truth.settled = CP_SETTLED_UNKNOWN;
    g_array_append_val(s->model->settles, truth);
    return well;
}

static CpEvent *
tell_skip(Simulation *s, gboolean again)
{
    CpEvent *skip = add(s, CP_EVENT_SKIP);
    skip->scenario = g_strdup("model");
    skip->error = g_strdup("it cannot be carried out");
    skip->again = again;
    return skip;
}

/* Tells the end of a round: it was broken off, its timing did not come about, or it is complete. */
static void
end_round(Simulation *s)
{
    guint how = below(s, 16);
    CpEvent *end = how == 0 ? tell_skip(s, FALSE) : add(s, how == 1 ? CP_EVENT_UNTESTABLE : CP_EVENT_ROUND_END);
    end->error = how == 1 ? g_strdup("too slow") : end->error;
    end->end_ns = s->now;
}

static void
do_round(Simulation *s)
{
    HostState first = {
        .state = below(s, STATES) & ~(guint)FACT_BROKEN, .begin_ns = s->now, .at_ns = s->now, .end_ns = s->now
    };
    if (!s->host->documented)
        first.state &= ~(guint)FACT_HIDDEN;
    g_array_set_size(s->host->states, 0);
    g_array_append_val(s->host->states, first);
    s->disk = (Entry){ .document = DOCUMENT_NONE };
    libvirt_restart(s);
    s->read_end = s->changed = s->now;

    CpEvent *round = add(s, CP_EVENT_ROUND);
    round->scenario = g_strdup("model");
    round->round = ++s->round;
    round->state = g_strdup_printf("state-%u", first.state);
    round->begin_ns = s->now;
    gboolean well = TRUE;
    for (guint i = 0; well && i < ROUND_READS; i++) {
        for (guint changes = below(s, 3); changes > 0; changes--)
            below(s, 3) ? change(s, TRUE) : disturb(s);
        well = below(s, 8) ? do_read(s, FALSE) : do_settle(s);
    }
    end_round(s);
}

Model *
model_new(guint32 seed, guint reads)
{
    Model *model = g_new0(Model, 1);
    model->events = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    model->reads = g_array_new(FALSE, TRUE, sizeof(ModelRead));
    model->settles = g_array_new(FALSE, TRUE, sizeof(ModelSettle));
    Simulation s = { .model = model, .random = g_rand_new_with_seed(seed) };
    gboolean documented = below(&s, 4) > 0;
    for (guint flaws = below(&s, 3); flaws > 0; flaws--)
        model->flaws |= 1u << below(&s, 11);
    /* Without documents a history cannot tell that nothing was saved. */
    if (!documented)
        model->flaws &= ~(guint)(MODEL_UNSAVED | MODEL_NEVER_SAVES);
    /* Histories of older versions do not say that documents are noted. */
    host_tell_begin(model->events, seed, documented && (has(&s, MODEL_NEVER_SAVES) || below(&s, 2)));
    s.host = host_new(s.random, documented, !has(&s, MODEL_NEVER_SAVES), model->events);
    while (model->reads->len < reads)
        do_round(&s);
    if (below(&s, 2))
        tell_skip(&s, TRUE);
    add(&s, CP_EVENT_END)->error = g_strdup("");
    host_free(s.host);
    g_rand_free(s.random);
    return model;
}

void
model_free(Model *model)
{
    g_ptr_array_unref(model->events);
    g_array_unref(model->reads);
    g_array_unref(model->settles);
    g_free(model);
}
