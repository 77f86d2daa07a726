/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a report that tells the rounds in which libvirt was wrong: what was done, what was true, what libvirt said. */
#include "base/duration.h"
#include "show/report-parts.h"

/* How many lines of a difference are shown. */
#define SHOWN 8

/* Writes the name of a content in its colour. */
static void
write_content(const char *name, CpMarkup *markup)
{
    gboolean known = g_ascii_isupper(*name) && !name[1];
    g_autofree char *class = known ? g_strdup_printf("content c%d", (*name - 'A') % 6) : g_strdup("content none");
    cp_markup_open(markup, "td", "class", class, NULL);
    cp_markup_text(markup, "%s", name);
    cp_markup_close(markup);
}

static void
write_differences(GStrv lines, CpMarkup *markup)
{
    guint n = g_strv_length(lines);
    for (guint i = 0; i < MIN(n, SHOWN); i++)
        cp_markup_add(markup, "code", NULL, "%s", lines[i]);
    if (n > SHOWN)
        cp_markup_add(markup, "span", "note", "and %u more", n - SHOWN);
}

static void
write_what(const CpStoryStep *step, CpMarkup *markup)
{
    g_autofree char *took = cp_duration_format(step->took_ns);
    cp_markup_open(markup, "td", "class", "what", NULL);
    cp_markup_add(markup, "code", "step", "%s", step->step);
    if (step->type == CP_EVENT_READ) {
        cp_markup_text(markup, " ");
        cp_report_write_word(markup, step->hidden ? "hidden" : cp_verdict_name(step->verdict));
        cp_markup_add(markup, "span", "note", " %s%s%s%s", took, step->refresh == CP_REFRESH_NONE ? "" : ", ",
                      step->refresh == CP_REFRESH_NONE ? "" : cp_refresh_name(step->refresh),
                      step->refresh == CP_REFRESH_NONE ? "" : " refresh");
    }
    if (*step->lines) {
        cp_markup_open(markup, "div", "class", "difference", NULL);
        write_differences(step->lines, markup);
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
}

static void
write_step(const CpStoryStep *step, CpMarkup *markup)
{
    gboolean wrong = step->type == CP_EVENT_READ && (step->hidden || step->verdict != CP_VERDICT_FRESH);
    cp_markup_open(markup, "tr", "class", wrong ? "wrong" : NULL, NULL);
    cp_markup_open(markup, "th", "scope", "row", NULL);
    cp_markup_text(markup, "%.3f s", step->at_ns / (double)CP_NS_PER_S);
    cp_markup_add(markup, "span", "note", " line %" G_GINT64_FORMAT, step->line);
    cp_markup_close(markup);
    write_what(step, markup);
    write_content(step->truth, markup);
    write_content(step->kept, markup);
    write_content(step->answer ? step->answer : "", markup);
    cp_markup_close(markup);
}

static void
write_contents(const CpStory *story, CpMarkup *markup)
{
    cp_markup_open(markup, "ul", "class", "contents", NULL);
    for (guint i = 0; i < story->contents->len; i++) {
        const CpStoryContent *content = story->contents->pdata[i];
        g_autofree char *class = g_strdup_printf("content c%u", i % 6);
        cp_markup_open(markup, "li", NULL);
        cp_markup_add(markup, "span", class, "%s", content->name);
        cp_markup_text(markup, i == 0 ? " what was true first" : *content->difference ? " unlike A: " : " like A");
        write_differences(content->difference, markup);
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
}

static void
write_story(const CpStory *story, CpMarkup *markup)
{
    static const char *const heads[] = { "time", "step", "true", "kept", "said", NULL };
    cp_markup_open(markup, "section", "class", "card", NULL);
    cp_markup_add(markup, "h3", NULL, "%s%s%s%s, round %" G_GINT64_FORMAT, story->scenario, story->variant ? " (" : "",
                  story->variant ? story->variant : "", story->variant ? ")" : "", story->round);
    cp_markup_open(markup, "table", "class", "story", NULL);
    cp_report_write_heads(markup, heads);
    cp_markup_open(markup, "tbody", NULL);
    for (guint i = 0; i < story->steps->len; i++)
        write_step(story->steps->pdata[i], markup);
    cp_markup_close(markup);
    cp_markup_close(markup);
    write_contents(story, markup);
    cp_markup_close(markup);
}

void
cp_report_write_stories(const CpStories *stories, CpMarkup *markup)
{
    if (!stories || stories->stories->len == 0)
        return;
    cp_markup_open(markup, "section", NULL);
    cp_markup_add(markup, "h2", NULL, "How it went wrong");
    cp_markup_add(
        markup, "p", "note",
        "The first round of each scenario in which libvirt was wrong. What has the same letter says the same: a "
        "read is right if its answer has the letter of what is true.");
    for (guint i = 0; i < stories->stories->len; i++)
        write_story(stories->stories->pdata[i], markup);
    cp_markup_close(markup);
}
