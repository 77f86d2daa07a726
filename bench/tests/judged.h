/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judges the histories of tests. */
#pragma once

#include "events.h"
#include "judge/judge.h"

/* Judges the history, which is called "H" in messages. `describe` appends to `findings`. */
static inline CpJudgement *
judged(const char *text, CpJudgeSink *describe, GString *findings, GError **error)
{
    g_autoptr(GPtrArray) history = events_of(text, error);
    g_assert_no_error(*error);
    return cp_judge(history, "H", FALSE, describe, findings, error);
}

/* The same for a history that is judged. Checks the text of the findings and the exit status. */
static inline CpJudgement *
assert_judged(const char *text, CpJudgeSink *describe, const char *expected, int exit)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) findings = g_string_new(NULL);
    CpJudgement *judgement = judged(text, describe, findings, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(findings->str, ==, expected);
    g_assert_cmpint(judgement->exit, ==, exit);
    return judgement;
}
