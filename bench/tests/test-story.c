/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/story.h. */
#include "measure/story.h"

#include "events.h"

/* Returns the stories of a history. The caller owns them. */
static CpStories *
stories_of(const char *history)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *unquoted = unquote(history), *text = with_digests(unquoted);
    FILE *file = tmpfile();
    fputs(text, file);
    rewind(file);
    g_autoptr(CpHistoryStream) stream = cp_history_stream_new("H", file);
    CpStories *stories = cp_stories_new(stream, &error);
    g_assert_no_error(error);
    return stories;
}

/* Returns the steps of a story as text: "STEP TRUTH KEPT ANSWER", with a "!" if it is wrong. */
static char *
describe(const CpStory *story)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < story->steps->len; i++) {
        const CpStoryStep *step = story->steps->pdata[i];
        gboolean wrong = step->type == CP_EVENT_READ && (step->hidden || step->verdict != CP_VERDICT_FRESH);
        g_string_append_printf(text, "%s%s %s %s %s", i > 0 ? "; " : "", step->step, step->truth, step->kept,
                               step->answer ? step->answer : "");
        g_string_append(text, wrong ? "!" : "");
    }
    return g_string_free(text, FALSE);
}

static void
assert_story(const char *history, const char *expected)
{
    g_autoptr(CpStories) stories = stories_of(history);
    g_assert_cmpint(stories->stories->len, ==, 1);
    g_autofree char *text = describe(stories->stories->pdata[0]);
    g_assert_cmpstr(text, ==, expected);
}

#define TWO                                                                                                            \
    HISTORY SCENARIO ANSWER("a", "<video><value>qxl</value></video>") ANSWER("b", "<video/>") TRUTH("A", "a")          \
        TRUTH("B", "b") ROUND("A", 1000) READ_AS("prime", 1000, 2000, "`answer`:`a`", 1) CHANGE(3000, 4000, "B")
#define DONE ROUND_END(9000, 9000) END(0, "")

static void
test_stale(void)
{
    g_autoptr(CpStories) stories = stories_of(TWO READ(5000, 6000, "a", 0) DONE);
    const CpStory *story = stories->stories->pdata[0];
    g_autofree char *text = describe(story);
    g_assert_cmpstr(text, ==, "prime A ? A; remove m B ? ; read B ? A!");
    g_assert_cmpstr(story->scenario, ==, "s");
    g_assert_cmpstr(story->file, ==, "s.scn");
    g_assert_null(story->variant);
    g_assert_cmpint(story->round, ==, 1);
    g_assert_cmpint(stories->seed, ==, 7);

    const CpStoryStep *read = story->steps->pdata[2];
    g_assert_cmpint(read->at_ns, ==, 4000);
    g_assert_cmpint(read->took_ns, ==, 1000);
    g_assert_cmpint(read->verdict, ==, CP_VERDICT_STALE);
    g_assert_cmpstr(read->lines[0], ==, "- video");
    g_assert_cmpint(story->contents->len, ==, 2);
    const CpStoryContent *second = story->contents->pdata[1];
    g_assert_cmpstr(second->name, ==, "B");
    g_assert_cmpstr(second->difference[0], ==, "+ video");
}

/* Only the first round in which something is wrong is told, and none that does not count. */
static void
test_rounds(void)
{
    g_autoptr(CpStories) right = stories_of(TWO READ(5000, 6000, "b", 1) DONE);
    g_assert_cmpint(right->stories->len, ==, 0);
    g_autoptr(CpStories) untestable = stories_of(TWO READ(5000, 6000, "a", 0) UNTESTABLE(9000) END(0, ""));
    g_assert_cmpint(untestable->stories->len, ==, 0);
    g_autoptr(CpStories) cut_off = stories_of(TWO READ(5000, 6000, "a", 0));
    g_assert_cmpint(cut_off->stories->len, ==, 0);
    g_autoptr(CpStories) two =
        stories_of(TWO READ(5000, 6000, "b", 1) ROUND_END(9000, 9000) ROUND_NUMBER(2, "A", 10000)
                       READ(11000, 12000, "b", 0) ROUND_END(19000, 9000) ROUND_NUMBER(3, "A", 20000)
                           READ(21000, 22000, "b", 0) ROUND_END(29000, 9000) END(0, ""));
    g_assert_cmpint(two->stories->len, ==, 1);
    g_assert_cmpint(((const CpStory *)two->stories->pdata[0])->round, ==, 2);
}

static void
test_errors(void)
{
    assert_story(TWO READ_ERROR(5000, 6000, 0) DONE, "prime A ? A; remove m B ? ; read B ? C!");
    assert_story(TWO READ_AS("read", 5000, 6000, "`lost`:`it died`", 0) DONE,
                 "prime A ? A; remove m B ? ; read B ? lost!");
    assert_story(TWO CHANGE(4000, 4500, "U") READ(5000, 6000, "b", 0) DONE,
                 "prime A ? A; remove m B ? ; remove m ? ? ; read ? ? B!");
}

#define KEPT(state, id, document)                                                                                      \
    "{`type`:`truth`,`state`:`" state "`,`question`:`domcaps e`,`pass`:1,`answer`:`" id "`,`document`:`" document      \
    "`,`emulators`:1}\n"
#define ASK(begin, end, id, document)                                                                                  \
    "{`type`:`read`,`line`:4,`question`:`domcaps e`,`name`:`read`,`begin_ns`:" #begin ",`end_ns`:" #end                \
    ",`answer`:`" id "`,`document`:`" document                                                                         \
    "`,`emulators`:1,`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n"

/* What is kept has the name of the truth that it goes with; steps that do not note it leave it as it is. */
static void
test_kept(void)
{
    g_autofree char *a = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "<a/>", -1);
    g_autofree char *b = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "<b/>", -1);
    g_autofree char *x = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "<x/>", -1);
    g_autoptr(GString) history =
        g_string_new(HISTORY SCENARIO ANSWER("-a-", "<a/>") ANSWER("-b-", "<b/>") DOCUMENT("-a-", "<a/>")
                         DOCUMENT("-b-", "<b/>") DOCUMENT("-x-", "<x/>") KEPT("A", "-a-", "-a-") KEPT("B", "-b-", "-b-")
                             ROUND("A", 1000) ASK(1000, 2000, "-a-", "-a-") CHANGE(3000, 4000, "B")
                                 OPERATION("pause", "time", 4000, 4100, "B") ASK(5000, 6000, "-b-", "-x-") DONE);
    g_string_replace(history, "`-a-`", "`<a>`", 0);
    g_string_replace(history, "`-b-`", "`<b>`", 0);
    g_string_replace(history, "`-x-`", "`<x>`", 0);
    g_string_replace(history, "<a>", a, 0);
    g_string_replace(history, "<b>", b, 0);
    g_string_replace(history, "<x>", x, 0);
    assert_story(history->str, "read A A A; remove m B - ; pause m B - ; read B other B!");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/story/stale", test_stale);
    g_test_add_func("/story/rounds", test_rounds);
    g_test_add_func("/story/errors", test_errors);
    g_test_add_func("/story/kept", test_kept);
    return g_test_run();
}
