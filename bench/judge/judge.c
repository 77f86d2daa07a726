/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: goes through a history event by event. */
#include "judge/judge.h"

#include "base/error.h"
#include "judge/conclusion.h"
#include "judge/order.h"
#include "judge/variant-truths.h"

struct _CpJudge {
    CpJudgeSink *sink;
    gpointer data;
    CpOrder *order;
    CpVariantTruths *all_truths;
    CpTruths *truths;   /* of the variant of the last round; borrowed */
    gboolean documents; /* the history says that documents are noted */
    CpConclusion *conclusion;
    CpTimeline *timeline; /* the states of the round */
    char *scenario;       /* of the round, NULL between rounds */
    char *variant;        /* of the round, NULL between rounds and if there is only one */
    gint64 round;
    CpExpectations *expectations;
    CpCache cache;
    CpSettling settling;
    gint64 obscured_ns; /* when the last operation of the effect "any" ended in this round; before it, -1 */
    GArray *live;       /* of CpCached: what would be cached in the live states */
    gboolean shared;    /* clients read beside each other, so that nobody can tell which of them filled a cache */
};

CpJudge *
cp_judge_new(gboolean strict, CpJudgeSink *sink, gpointer data)
{
    CpJudge *judge = g_new0(CpJudge, 1);
    judge->sink = sink;
    judge->data = data;
    judge->order = cp_order_new();
    judge->all_truths = cp_variant_truths_new();
    judge->truths = cp_variant_truths_of(judge->all_truths, NULL);
    judge->conclusion = cp_conclusion_new(strict);
    judge->expectations = cp_expectations_new();
    judge->timeline = cp_timeline_new();
    judge->live = g_array_new(FALSE, FALSE, sizeof(CpCached));
    return judge;
}

void
cp_judge_free(CpJudge *judge)
{
    if (!judge)
        return;
    cp_order_free(judge->order);
    cp_variant_truths_free(judge->all_truths);
    cp_conclusion_free(judge->conclusion);
    cp_timeline_free(judge->timeline);
    cp_settling_clear(&judge->settling);
    cp_expectations_free(judge->expectations);
    g_array_unref(judge->live);
    g_free(judge->scenario);
    g_free(judge->variant);
    g_free(judge);
}

gboolean
cp_judge_learn(CpJudge *judge, const CpEvent *event, const char *file, guint line, GError **error)
{
    const char *wrong = cp_order_check(judge->order, event);
    if (!wrong)
        wrong = cp_truths_add(cp_variant_truths_of(judge->all_truths, event->variant), event);
    cp_expectations_learn(judge->expectations, event);
    cp_conclusion_learn(judge->conclusion, event);
    if (wrong)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:1: %s", file, line, wrong);
    judge->documents |= event->documents;
    return !wrong;
}

/* --- reads --- */

/* Returns whether what libvirt keeps on disk is noted. */
static gboolean
documents_are_noted(const CpJudge *judge)
{
    return judge->documents || cp_truths_have_documents(judge->truths);
}

/* Returns a document as the content of a cache. libvirt cannot load one that is not XML. */
static CpCached
cached(const CpAnswer *document)
{
    return document && document->xml ? (CpCached){ CP_CACHED_CONTENT, document->canonical }
                                     : (CpCached){ CP_CACHED_NOTHING, NULL };
}

/* Returns what is cached after a refresh in a state of this truth. */
static CpCached
cached_in_truth(const CpTruth *truth, gboolean documents)
{
    static const CpCached unknown = { CP_CACHED_UNKNOWN, NULL };
    if (!truth || !truth->known || (documents && !truth->document_known))
        return unknown;
    if (!documents)
        return truth->answer ? (CpCached){ CP_CACHED_CONTENT, truth->answer->canonical } : cached(NULL);
    return truth->answer && !truth->document ? unknown : cached(truth->document);
}

/* Follows the caches, and says whether the answer can have come out of empty ones. */
static gboolean
judge_refresh(CpJudge *judge, const CpEvent *read, CpFinding *finding)
{
    gboolean documents = documents_are_noted(judge);
    const CpAnswer *answer = cp_truths_answer(judge->truths, read->answer);
    CpCached disk = cached(cp_truths_document(judge->truths, read->document));
    if (judge->shared || !cp_truths_is_noted(judge->truths, read->question) || judge->obscured_ns >= read->begin_ns) {
        cp_cache_read_other(&judge->cache, read->lost != NULL, disk);
        finding->refresh = read->emulators > 0 || read->probing ? CP_REFRESH_UNKNOWN : CP_REFRESH_NONE;
        return TRUE;
    }

    const GPtrArray *states = cp_timeline_live(judge->timeline, read);
    g_array_set_size(judge->live, 0);
    for (guint i = 0; i < states->len; i++) {
        CpCached right = cached_in_truth(cp_truths_find(judge->truths, states->pdata[i], read->question), documents);
        g_array_append_val(judge->live, right);
    }
    gboolean empty = cp_cache_offered(&judge->cache).kind == CP_CACHED_NOTHING;
    CpCacheRead cache_read = {
        .answered = answer != NULL,
        .lost = read->lost != NULL,
        .emulators = read->emulators,
        .disk = disk,
        .answer = answer ? (CpCached){ CP_CACHED_CONTENT, answer->canonical } : cached(NULL),
        .live = (const CpCached *)judge->live->data,
        .n_live = judge->live->len,
    };
    finding->refresh = cp_cache_read(&judge->cache, &cache_read);
    return !(empty && answer && read->emulators == 0);
}

static void
add_lines(GStrvBuilder *lines, const char *prefix, GStrv added)
{
    for (char **line = added; *line; line++) {
        g_autofree char *text = g_strconcat(prefix, *line, NULL);
        g_strv_builder_add(lines, text);
    }
}

/* Says how a read differs from the truth of the last state that it can have seen. */
static void
explain(const CpJudge *judge, const CpEvent *read, const char *state, GStrvBuilder *lines)
{
    const CpTruth *truth = cp_truths_find(judge->truths, state, read->question);
    const CpAnswer *answer = cp_truths_answer(judge->truths, read->answer);

    if (!truth) {
        g_strv_builder_add(lines, "the history does not record the truth of this state");
    } else if (!truth->known) {
        g_autofree char *line = g_strdup_printf("the truth of this state is not known: %s", truth->unknown);
        g_strv_builder_add(lines, line);
    } else if (answer && truth->answer) {
        g_auto(GStrv) difference = cp_answer_difference(truth->answer, answer);
        add_lines(lines, "", difference);
    } else if (truth->error && !read->lost) {
        g_autofree char *line = g_strdup_printf(
            "%s, but with an empty cache it fails: %s (domain %" G_GINT64_FORMAT ", code %" G_GINT64_FORMAT ")",
            answer ? "libvirt answered" : "libvirt failed", truth->error, truth->domain, truth->code);
        g_strv_builder_add(lines, line);
    }
}

/* Compares what libvirt keeps on disk with what it should keep: the truth's document in each live state. If it matches none
 * of them, sets `right` to that of the last live state. */
static CpOnDisk
compare_on_disk(CpJudge *judge, const CpEvent *read, const CpAnswer **right)
{
    const CpAnswer *document = cp_truths_document(judge->truths, read->document);
    const GPtrArray *states = cp_timeline_live(judge->timeline, read);
    gboolean known = !judge->shared && documents_are_noted(judge) && cp_truths_is_noted(judge->truths, read->question);
    *right = NULL;
    for (guint i = 0; known && i < states->len; i++) {
        const CpTruth *truth = cp_truths_find(judge->truths, states->pdata[i], read->question);
        known = truth && truth->document;
        if (known && document && g_str_equal(truth->document->canonical, document->canonical))
            return CP_ON_DISK_FRESH;
        if (known && !*right)
            *right = truth->document;
    }
    return !known ? CP_ON_DISK_UNKNOWN : document ? CP_ON_DISK_STALE : CP_ON_DISK_NOTHING;
}

static void
judge_read(CpJudge *judge, const CpEvent *read, CpFinding *finding)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    finding->verdict = cp_verdict(judge->truths, judge->timeline, read);
    finding->sample = read->answer && g_str_equal(read->name, "read");
    if (read->error || read->lost) {
        g_autofree char *line =
            read->lost ? g_strdup_printf("lost: %s", read->lost)
                       : g_strdup_printf("error: %s (domain %" G_GINT64_FORMAT ", code %" G_GINT64_FORMAT ")",
                                         read->error, read->domain, read->code);
        g_strv_builder_add(lines, line);
    }
    const CpAnswer *right;
    CpOnDisk on_disk = compare_on_disk(judge, read, &right);
    finding->hidden = finding->verdict == CP_VERDICT_FRESH && on_disk == CP_ON_DISK_STALE;
    if (finding->verdict != CP_VERDICT_FRESH)
        explain(judge, read, cp_timeline_live(judge->timeline, read)->pdata[0], lines);
    if (finding->hidden) {
        g_auto(GStrv) difference = cp_answer_difference(right, cp_truths_document(judge->truths, read->document));
        add_lines(lines, "cache: ", difference);
    }
    finding->fault = !judge_refresh(judge, read, finding);
    if (finding->fault)
        g_strv_builder_add(lines, CP_NO_EMULATOR_COUNTED);

    if (!judge->shared)
        cp_expectations_read(judge->expectations, read, (CpReadFinding){ finding->verdict, finding->refresh, on_disk });
    finding->lines = g_strv_builder_end(lines);
    if (!*finding->lines)
        g_clear_pointer(&finding->lines, g_strfreev);
    if (g_str_equal(read->name, CP_SETTLE_READ)) {
        finding->excused = finding->verdict == CP_VERDICT_STALE;
        finding->again = cp_settling_read(&judge->settling, read, finding->verdict, finding->lines);
    }
}

/* --- operations --- */

static gboolean
truths_equal(const CpTruth *a, const CpTruth *b)
{
    if (a->answer && b->answer)
        return g_str_equal(a->answer->canonical, b->answer->canonical);
    return !a->answer && !b->answer && a->domain == b->domain && a->code == b->code;
}

static gboolean
documents_differ(const CpTruth *a, const CpTruth *b)
{
    return a->document && b->document && !g_str_equal(a->document->canonical, b->document->canonical);
}

static void
judge_operation(CpJudge *judge, const CpEvent *operation, CpFinding *finding)
{
    CpEffect effect = CP_EFFECT_NONE;
    cp_effect_parse(operation->effect, &effect);
    cp_cache_operate(&judge->cache, effect, g_str_equal(operation->name, cp_operation(CP_OP_DROP_CACHE)->word),
                     cached(cp_truths_document(judge->truths, operation->document)));
    if (!cp_effect_is_state(effect))
        return;
    if (effect == CP_EFFECT_ANY)
        judge->obscured_ns = operation->end_ns;

    const char *question = cp_truths_question(judge->truths);
    const CpTruth *before =
        question ? cp_truths_find(judge->truths, cp_timeline_state(judge->timeline), question) : NULL;
    const CpTruth *after = question ? cp_truths_find(judge->truths, operation->state, question) : NULL;
    finding->known = before && after && before->known && after->known;
    finding->hidden = finding->known && truths_equal(before, after) && documents_differ(before, after);
    finding->changed = finding->known && (finding->hidden || !truths_equal(before, after));
    cp_settling_begin(&judge->settling, operation->end_ns);
    cp_timeline_change(judge->timeline, operation->state, operation->begin_ns, operation->end_ns,
                       effect == CP_EFFECT_ANY);
}

/* Clients begin or end to read beside each other. What they have cached is on disk, if it is noted; what is in memory is not
 * known. */
static void
share(CpJudge *judge, const CpEvent *event)
{
    judge->shared = event->type == CP_EVENT_CLIENTS;
    cp_timeline_share(judge->timeline, judge->shared);
    if (!judge->shared)
        cp_cache_read_other(&judge->cache, event->lost != NULL,
                            cached(cp_truths_document(judge->truths, event->document)));
}

/* --- all events --- */

static void
judge_expectation(CpJudge *judge, const CpEvent *expectation, CpFinding *finding)
{
    finding->defect = cp_expectation_is_defect((const char *const *)expectation->args);
    finding->expected =
        cp_expectations_judge(judge->expectations, judge->truths, judge->scenario, expectation, &finding->lines);
}

static void
begin_round(CpJudge *judge, const CpEvent *round)
{
    g_free(judge->scenario);
    judge->scenario = g_strdup(round->scenario);
    g_free(judge->variant);
    judge->variant = g_strdup(round->variant);
    judge->truths = cp_variant_truths_of(judge->all_truths, round->variant);
    judge->round = round->round;
    cp_cache_begin(&judge->cache, documents_are_noted(judge));
    cp_settling_begin(&judge->settling, round->begin_ns);
    judge->obscured_ns = -1;
    judge->shared = FALSE;
    cp_timeline_begin(judge->timeline, round->state, round->begin_ns);
}

void
cp_judge_event(CpJudge *judge, const CpEvent *event)
{
    if (event->type == CP_EVENT_ROUND)
        begin_round(judge, event);
    CpFinding finding = { .event = event, .scenario = event->scenario ? event->scenario : judge->scenario };
    finding.variant = event->variant ? event->variant : judge->variant;
    finding.in_round = judge->scenario != NULL;
    finding.round = judge->scenario ? judge->round : 0;

    if (event->type == CP_EVENT_OPERATION)
        judge_operation(judge, event, &finding);
    else if (event->type == CP_EVENT_READ)
        judge_read(judge, event, &finding);
    else if (event->type == CP_EVENT_SETTLE)
        finding.settle = cp_settling_end(&judge->settling, event, &finding.lines);
    else if (event->type == CP_EVENT_CLIENTS || event->type == CP_EVENT_CLIENTS_END)
        share(judge, event);
    else if (event->type == CP_EVENT_EXPECT)
        judge_expectation(judge, event, &finding);

    cp_conclusion_add(judge->conclusion, &finding, judge->truths);
    if (judge->sink)
        judge->sink(&finding, judge->data);
    g_strfreev(finding.lines);
    if (event->type == CP_EVENT_ROUND_END || event->type == CP_EVENT_UNTESTABLE || event->type == CP_EVENT_SKIP) {
        g_clear_pointer(&judge->scenario, g_free);
        g_clear_pointer(&judge->variant, g_free);
    }
}

CpJudgement *
cp_judge_finish(CpJudge *judge)
{
    g_autoptr(GPtrArray) differences = cp_variant_truths_differences(judge->all_truths);
    return cp_conclusion_finish(judge->conclusion, differences);
}

CpJudgement *
cp_judge(const GPtrArray *history, const char *file, gboolean strict, CpJudgeSink *sink, gpointer data, GError **error)
{
    g_autoptr(CpJudge) judge = cp_judge_new(strict, sink, data);
    for (guint i = 0; i < history->len; i++) {
        if (!cp_judge_learn(judge, history->pdata[i], file, i + 1, error))
            return NULL;
    }
    for (guint i = 0; i < history->len; i++)
        cp_judge_event(judge, history->pdata[i]);
    return cp_judge_finish(judge);
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
