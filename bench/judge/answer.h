/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of libvirt: its canonical form, and the facts in it, which can be compared and shown. */
#pragma once

#include <glib.h>

typedef struct {
    char *canonical;  /* Canonical XML 1.0 without blank text and the host's UUID; the text itself if it is not XML */
    gboolean xml;     /* the text is XML */
    GPtrArray *facts; /* of char *, sorted; to be shown by cp_answer_fact() */
} CpAnswer;

CpAnswer *cp_answer_new(const char *text);
void cp_answer_free(CpAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpAnswer, cp_answer_free)

/** Returns the fact number `i` as text: "video modelType qxl", "cpu mode custom model EPYC usable yes". The caller owns it. */
char *cp_answer_fact(const CpAnswer *answer, guint i);

/*
 * An element's path has the names of the elements around it and its own: "video/modelType". Elements that only group
 * others, such as <devices>, do not occur in it; for <enum name='modelType'> and the like, the name counts. An element
 * that has a name beside its kind gives two parts: "cpu/mode/custom". Attributes have a path, too: "video/supported".
 */

/** Adds to `elements`, a set of char * that owns them, the path of each element whose path ends with all of `path`. */
void cp_answer_find(const CpAnswer *answer, const char *path, GHashTable *elements);

/** Returns the values of the element and of those in it, sorted and each once. The caller owns the result. */
GStrv cp_answer_values(const CpAnswer *answer, const char *element);

/** Returns whether `value` is one of them. */
gboolean cp_answer_has(const CpAnswer *answer, const char *element, const char *value);

/** Adds to `elements` the paths that a person may want to choose from: of what has values of its own, but not as "supported" or
 * in an element with a name. */
void cp_answer_list(const CpAnswer *answer, GHashTable *elements);

/**
 * Returns how `answer` differs from `truth`: "- FACT" for each fact that it lacks, "+ FACT" for each that is wrong. The
 * caller owns the result.
 */
GStrv cp_answer_difference(const CpAnswer *truth, const CpAnswer *answer);
