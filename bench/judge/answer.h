/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of libvirt: its canonical form, and the facts in it, which can be compared and shown. */
#pragma once

#include <glib.h>

typedef struct {
    char *canonical;  /* Canonical XML 1.0 without blank text and the host's UUID; the text itself if it is not XML */
    gboolean xml;     /* the text is XML */
    GPtrArray *facts; /* of char *, sorted: "video modelType qxl", "cpu mode custom model EPYC usable yes", ... */
} CpAnswer;

CpAnswer *cp_answer_new(const char *text);
void cp_answer_free(CpAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpAnswer, cp_answer_free)

/** Returns whether a fact about `name` (an element or an enumeration) has the value `value`. */
gboolean cp_answer_has(const CpAnswer *answer, const char *name, const char *value);

/** Returns whether there is a fact about `name`, whatever it says. */
gboolean cp_answer_mentions(const CpAnswer *answer, const char *name);

/**
 * Returns how `answer` differs from `truth`: "- FACT" for each fact that it lacks, "+ FACT" for each that is wrong. The
 * caller owns the result.
 */
GStrv cp_answer_difference(const CpAnswer *truth, const CpAnswer *answer);
