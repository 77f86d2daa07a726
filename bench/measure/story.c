/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of a round in which libvirt was wrong. */
#include "measure/story.h"

#include <string.h>

#include "judge/variant-truths.h"

/* A content that occurs in a round: an answer, or an error. */
typedef struct {
    char *text;             /* canonical */
    const CpAnswer *answer; /* NULL for an error */
    GPtrArray *documents;   /* of char *, borrowed: what libvirt keeps on disk when this is true; canonical */
} Content;

typedef struct {
    CpVariantTruths *truths;
    CpStories *stories;
    GHashTable *files; /* of scenarios */

    /* The present round. */
    CpStory *story; /* NULL outside rounds, and if there is already one of this scenario and variant */
    gboolean wrong;
    gint64 begin_ns;
    char *state, *kept;  /* what is true, and the name of what is on disk */
    GPtrArray *contents; /* of Content */
} Teller;

static void
step_free(gpointer data)
{
    CpStoryStep *step = data;
    g_free(step->step);
    g_free(step->truth);
    g_free(step->answer);
    g_free(step->kept);
    g_strfreev(step->lines);
    g_free(step);
}

static void
story_content_free(gpointer data)
{
    CpStoryContent *content = data;
    g_free(content->name);
    g_strfreev(content->difference);
    g_free(content);
}

void
cp_story_free(CpStory *story)
{
    if (!story)
        return;
    g_free(story->scenario);
    g_free(story->variant);
    g_free(story->file);
    g_ptr_array_unref(story->steps);
    g_ptr_array_unref(story->contents);
    g_free(story);
}

void
cp_stories_free(CpStories *stories)
{
    if (!stories)
        return;
    g_clear_pointer(&stories->environment, json_object_unref);
    g_ptr_array_unref(stories->stories);
    g_free(stories);
}

static void
content_free(gpointer data)
{
    Content *content = data;
    g_free(content->text);
    g_ptr_array_unref(content->documents);
    g_free(content);
}

static char *
name_of(guint i)
{
    return i < 26 ? g_strdup_printf("%c", 'A' + (char)i) : g_strdup_printf("%u", i + 1);
}

/* Returns the number of the content with this text; it is added if it is new. */
static guint
find_content(Teller *teller, const char *text, const CpAnswer *answer)
{
    for (guint i = 0; i < teller->contents->len; i++) {
        if (g_str_equal(((const Content *)teller->contents->pdata[i])->text, text))
            return i;
    }
    Content *content = g_new0(Content, 1);
    content->text = g_strdup(text);
    content->answer = answer;
    content->documents = g_ptr_array_new();
    g_ptr_array_add(teller->contents, content);
    return teller->contents->len - 1;
}

/* Returns the name of what is true in the present state, and remembers what is kept on disk with it. */
static char *
name_truth(Teller *teller, const CpTruths *truths, const char *question)
{
    const CpTruth *truth = question ? cp_truths_find(truths, teller->state, question) : NULL;
    if (!truth || !truth->known)
        return g_strdup("?");
    g_autofree char *error = truth->error ? g_strdup_printf("error: %s", truth->error) : NULL;
    guint i = find_content(teller, error ? error : truth->answer->canonical, truth->answer);
    if (truth->document_known && truth->document && cp_truths_is_noted(truths, question))
        g_ptr_array_add(((Content *)teller->contents->pdata[i])->documents, truth->document->canonical);
    return name_of(i);
}

static char *
name_answer(Teller *teller, const CpTruths *truths, const CpEvent *read)
{
    const CpAnswer *answer = cp_truths_answer(truths, read->answer);
    if (read->lost)
        return g_strdup("lost");
    g_autofree char *error = read->error ? g_strdup_printf("error: %s", read->error) : NULL;
    return error || answer ? name_of(find_content(teller, error ? error : answer->canonical, answer)) : g_strdup("?");
}

static char *
name_kept(const Teller *teller, const CpTruths *truths, const CpEvent *event)
{
    const CpAnswer *document = cp_truths_document(truths, event->document);
    if (!cp_truths_have_documents(truths))
        return g_strdup("?");
    if (!document)
        return g_strdup("-");
    for (guint i = 0; i < teller->contents->len; i++) {
        const Content *content = teller->contents->pdata[i];
        if (g_ptr_array_find_with_equal_func(content->documents, document->canonical, g_str_equal, NULL))
            return name_of(i);
    }
    return g_strdup("other");
}

/* Whether the event tells what is on disk after it: see history/event.h. */
static gboolean
notes_document(const CpEvent *event)
{
    return event->type == CP_EVENT_READ || (event->type == CP_EVENT_OPERATION && !g_str_equal(event->effect, "time") &&
                                            !g_str_equal(event->name, "start"));
}

static void
add_step(Teller *teller, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    const CpTruths *truths = cp_variant_truths_of(teller->truths, finding->variant);
    g_autofree char *arguments = event->args ? g_strjoinv(" ", event->args) : g_strdup("");
    gboolean read = event->type == CP_EVENT_READ;
    const char *word = event->type == CP_EVENT_SETTLE ? "settled" : event->name;

    /* A settle reads again and again. */
    if (read && finding->again && finding->refresh == CP_REFRESH_NONE)
        return;
    if (event->type == CP_EVENT_OPERATION) {
        g_free(teller->state);
        teller->state = g_strdup(event->state);
    }
    g_autofree char *truth = name_truth(teller, truths, read ? event->question : cp_truths_question(truths));
    if (notes_document(event)) {
        g_free(teller->kept);
        teller->kept = name_kept(teller, truths, event);
    }
    CpStoryStep *step = g_new0(CpStoryStep, 1);
    step->type = event->type;
    step->at_ns = event->begin_ns - teller->begin_ns;
    step->took_ns = event->end_ns - event->begin_ns;
    step->line = event->line;
    step->step = g_strchomp(g_strdup_printf("%s %s", word, event->label ? event->label : arguments));
    step->verdict = finding->verdict;
    step->refresh = finding->refresh;
    step->hidden = read && finding->hidden;
    step->truth = g_steal_pointer(&truth);
    step->answer = read ? name_answer(teller, truths, event) : NULL;
    step->kept = g_strdup(teller->kept);
    step->lines = cp_finding_lines(finding, CP_FINDING_LINES, "");
    g_ptr_array_add(teller->story->steps, step);
    teller->wrong |= (read && finding->verdict != CP_VERDICT_FRESH && !finding->excused) || step->hidden ||
                     (event->type == CP_EVENT_SETTLE && finding->settle.settled == CP_SETTLED_NEVER);
}

static gboolean
is_told(const CpStories *stories, const char *scenario, const char *variant)
{
    for (guint i = 0; i < stories->stories->len; i++) {
        const CpStory *story = stories->stories->pdata[i];
        if (g_str_equal(story->scenario, scenario) && g_strcmp0(story->variant, variant) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
begin_round(Teller *teller, const CpFinding *finding)
{
    const CpEvent *round = finding->event;
    if (is_told(teller->stories, round->scenario, finding->variant))
        return;
    teller->story = g_new0(CpStory, 1);
    teller->story->scenario = g_strdup(round->scenario);
    teller->story->variant = g_strdup(finding->variant);
    teller->story->file = g_strdup(g_hash_table_lookup(teller->files, round->scenario));
    teller->story->round = round->round;
    teller->story->steps = g_ptr_array_new_with_free_func(step_free);
    teller->story->contents = g_ptr_array_new_with_free_func(story_content_free);
    teller->wrong = FALSE;
    teller->begin_ns = round->begin_ns;
    g_free(teller->state);
    teller->state = g_strdup(round->state);
    g_free(teller->kept);
    teller->kept =
        g_strdup(cp_truths_have_documents(cp_variant_truths_of(teller->truths, finding->variant)) ? "-" : "?");
    g_ptr_array_set_size(teller->contents, 0);
}

/* Says what the contents of the round are. */
static void
describe_contents(const Teller *teller)
{
    const Content *first = teller->contents->len > 0 ? teller->contents->pdata[0] : NULL;
    for (guint i = 0; i < teller->contents->len; i++) {
        const Content *content = teller->contents->pdata[i];
        CpStoryContent *described = g_new0(CpStoryContent, 1);
        char *error[] = { content->text, NULL };
        described->name = name_of(i);
        described->difference = content->answer && first->answer ? cp_answer_difference(first->answer, content->answer)
                                : content->answer                ? g_new0(char *, 1)
                                                                 : g_strdupv(error);
        g_ptr_array_add(teller->story->contents, described);
    }
}

static void
end_round(Teller *teller, gboolean complete)
{
    if (teller->story && complete && teller->wrong) {
        describe_contents(teller);
        g_ptr_array_add(teller->stories->stories, g_steal_pointer(&teller->story));
    }
    g_clear_pointer(&teller->story, cp_story_free);
}

static void
tell(const CpFinding *finding, gpointer data)
{
    Teller *teller = data;
    const CpEvent *event = finding->event;

    switch (event->type) {
    case CP_EVENT_HISTORY:
        teller->stories->seed = event->seed;
        teller->stories->environment = json_object_ref(event->environment);
        break;
    case CP_EVENT_SCENARIO:
        g_hash_table_replace(teller->files, g_strdup(event->scenario), g_strdup(event->file));
        break;
    case CP_EVENT_ROUND:
        begin_round(teller, finding);
        break;
    case CP_EVENT_OPERATION:
    case CP_EVENT_READ:
    case CP_EVENT_SETTLE:
        if (teller->story)
            add_step(teller, finding);
        break;
    case CP_EVENT_ROUND_END:
    case CP_EVENT_SKIP:
    case CP_EVENT_UNTESTABLE:
        end_round(teller, event->type == CP_EVENT_ROUND_END);
        break;
    default:
        break;
    }
}

/* Learns what is true before anything is told. A contradiction is refused by the judge. */
static gboolean
learn(CpEvent *event, guint line G_GNUC_UNUSED, gpointer data, GError **error G_GNUC_UNUSED)
{
    g_autoptr(CpEvent) owned = event;
    cp_truths_add(cp_variant_truths_of(((Teller *)data)->truths, owned->variant), owned);
    return TRUE;
}

/* The rounds of variants alternate in random order. */
static int
compare_stories(gconstpointer a, gconstpointer b)
{
    const CpStory *x = *(const CpStory *const *)a, *y = *(const CpStory *const *)b;
    int by_scenario = strcmp(x->scenario, y->scenario);
    return by_scenario ? by_scenario : g_strcmp0(x->variant, y->variant);
}

CpStories *
cp_stories_new(CpHistoryStream *history, GError **error)
{
    g_autoptr(CpStories) stories = g_new0(CpStories, 1);
    g_autoptr(CpVariantTruths) truths = cp_variant_truths_new();
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func(content_free);
    Teller teller = { .truths = truths, .stories = stories, .files = files, .contents = contents };
    stories->stories = g_ptr_array_new_with_free_func((GDestroyNotify)cp_story_free);

    g_autoptr(CpJudgement) judgement = cp_history_stream_each(history, learn, &teller, error)
                                           ? cp_judge_stream(history, FALSE, tell, &teller, error)
                                           : NULL;
    end_round(&teller, FALSE);
    g_ptr_array_sort(stories->stories, compare_stories);
    g_free(teller.state);
    g_free(teller.kept);
    return judgement ? g_steal_pointer(&stories) : NULL;
}
