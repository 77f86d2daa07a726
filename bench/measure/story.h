/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of a round in which libvirt was wrong: what was done, what was true, what libvirt said, and what it kept. */
#pragma once

#include "judge/judge-stream.h"

/** A step of the round. Contents have names, A, B, ...: what has the same name says the same. The name of an answer and of the
 * truth, which is the answer of an empty cache, can be compared; what libvirt keeps on disk has the name of the truth with which
 * it is kept. "?" stands for what is not known, "-" for nothing, and "other" for what goes with no truth of the round. */
typedef struct {
    CpEventType type;      /* CP_EVENT_OPERATION, CP_EVENT_READ or CP_EVENT_SETTLE */
    gint64 at_ns, took_ns; /* at: since the begin of the round */
    gint64 line;
    char *step;        /* the word and its arguments */
    CpVerdict verdict; /* read */
    CpRefresh refresh; /* read */
    gboolean hidden;   /* read: fresh, but what libvirt keeps on disk is not the truth */
    char *truth;       /* what is true after the step */
    char *answer;      /* read: what libvirt said; else NULL */
    char *kept;        /* what libvirt keeps on disk after the step */
    GStrv lines;       /* how a read differs from the truth; empty if it does not */
} CpStoryStep;

/** What the contents are. */
typedef struct {
    char *name;       /* "A" */
    GStrv difference; /* how it differs from A: "- FACT", "+ FACT"; or one line: the error */
} CpStoryContent;

typedef struct {
    char *scenario, *variant, *file; /* variant: NULL if there is only one */
    gint64 round;
    GPtrArray *steps;    /* of CpStoryStep */
    GPtrArray *contents; /* of CpStoryContent */
} CpStory;

void cp_story_free(CpStory *story);

/** What is told of a history. */
typedef struct {
    gint64 seed;
    JsonObject *environment;
    GPtrArray *stories; /* of CpStory: the first such round of each scenario and variant, sorted by them */
} CpStories;

void cp_stories_free(CpStories *stories);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpStories, cp_stories_free)

/** Judges the history, as cp_judge_stream() does. The caller owns the result. */
CpStories *cp_stories_new(CpHistoryStream *history, GError **error);
