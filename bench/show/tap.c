/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result in the Test Anything Protocol. */
#include "base/text.h"
#include "show/cases.h"
#include "show/formats.h"

/* Returns `text` as the description of a test: '#' would begin a directive. The caller owns it. */
static char *
describe(const char *text)
{
    g_autoptr(GString) quoted = g_string_new(text);
    g_string_replace(quoted, "\\", "\\\\", 0);
    g_string_replace(quoted, "#", "\\#", 0);
    return g_strdup(quoted->str);
}

static void
print_case(const CpCase *it, guint number, FILE *out)
{
    g_autofree char *name = describe(it->name);
    gboolean skip = it->outcome == CP_OUTCOME_SKIPPED || it->outcome == CP_OUTCOME_UNDECIDED;
    const char *why = it->outcome == CP_OUTCOME_UNDECIDED ? "undecided: " : "";

    cp_text_print_line(out, "%s %u - %s%s%s%s", it->outcome == CP_OUTCOME_FAILED ? "not ok" : "ok", number, name,
                       skip ? " # SKIP " : "", skip ? why : "", skip ? it->reason : "");
    if (it->outcome == CP_OUTCOME_FAILED)
        cp_text_print_line(out, "# %s", it->reason);
    for (char **line = it->details; *line; line++)
        cp_text_print_line(out, "# %s", *line);
}

void
cp_tap_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) cases = cp_cases(result);
    g_autofree char *reason = NULL;
    gboolean undecided = cp_outcome_of_run(result, &reason) == CP_OUTCOME_UNDECIDED;
    guint tests = cases->len - undecided; /* the last case is the run itself */

    fprintf(out, "TAP version 13\n1..%u%s\n", tests, tests == 0 ? " # SKIP nothing was run" : "");
    for (guint i = 0; i < tests; i++)
        print_case(cases->pdata[i], i + 1, out);
    if (undecided)
        cp_text_print_line(out, "Bail out! %s", reason);
}
