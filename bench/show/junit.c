/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as JUnit's XML. */
#include "show/cases.h"
#include "show/formats.h"
#include "show/junit-cases.h"

static const CpJunitOutcome outcomes[CP_OUTCOME_LAST] = {
    [CP_OUTCOME_PASSED] = CP_JUNIT_PASSED,
    [CP_OUTCOME_FAILED] = CP_JUNIT_FAILED,
    [CP_OUTCOME_SKIPPED] = CP_JUNIT_SKIPPED,
    [CP_OUTCOME_UNDECIDED] = CP_JUNIT_ERROR,
};

void
cp_junit_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) cases = cp_cases(result), texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree CpJunitCase *tests = g_new0(CpJunitCase, cases->len);

    for (guint i = 0; i < cases->len; i++) {
        const CpCase *it = cases->pdata[i];
        g_autofree char *lines = g_strjoinv("\n", it->details);
        char *text = g_strconcat(lines, *lines ? "\n" : "", NULL);
        g_ptr_array_add(texts, text);
        tests[i] =
            (CpJunitCase){ .name = it->name, .outcome = outcomes[it->outcome], .message = it->reason, .text = text };
    }
    cp_junit_print_cases("capprobe", tests, cases->len, result->wall_ns, out);
}
