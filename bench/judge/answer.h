/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An answer of libvirt: its canonical form, and what it says as facts that can be compared and shown.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *canonical;  /* Canonical XML 1.0 without blank nodes, or the text as it is where that is not XML */
    gboolean xml;     /* whether it is */
    GPtrArray *facts; /* of char *: "video modelType qxl", "cpu mode custom model EPYC usable yes", ...; sorted */
} CpAnswer;

CpAnswer *cp_answer_new(const char *text);
void cp_answer_free(CpAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpAnswer, cp_answer_free)

/** Whether a fact about `name` (an element or an enumeration) ends in `value`. */
gboolean cp_answer_has(const CpAnswer *answer, const char *name, const char *value);

/**
 * How `answer` differs from `truth`: "- FACT" for what it lacks and "+ FACT" for what it should not say. The caller
 * owns it.
 */
GStrv cp_answer_difference(const CpAnswer *truth, const CpAnswer *answer);
