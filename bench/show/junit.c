/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result as JUnit's XML. */
#include "show/cases.h"
#include "show/formats.h"
#include "show/markup.h"

/* The element for an outcome that is not a success. */
static const char *const elements[CP_OUTCOME_LAST] = {
    [CP_OUTCOME_FAILED] = "failure",
    [CP_OUTCOME_SKIPPED] = "skipped",
    [CP_OUTCOME_UNDECIDED] = "error",
};

static void
open_suites(CpMarkup *markup, const CpResult *result, const GPtrArray *cases)
{
    guint count[CP_OUTCOME_LAST] = { 0 };
    for (guint i = 0; i < cases->len; i++)
        count[((const CpCase *)cases->pdata[i])->outcome]++;
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(seconds, sizeof(seconds), "%.3f", result->wall_ns / 1e9);
    g_autofree char *tests = g_strdup_printf("%u", cases->len);
    g_autofree char *failures = g_strdup_printf("%u", count[CP_OUTCOME_FAILED]);
    g_autofree char *errors = g_strdup_printf("%u", count[CP_OUTCOME_UNDECIDED]);
    g_autofree char *skipped = g_strdup_printf("%u", count[CP_OUTCOME_SKIPPED]);

    cp_markup_open(markup, "testsuites", "tests", tests, "failures", failures, "errors", errors, "disabled", "0",
                   "time", seconds, NULL);
    cp_markup_open(markup, "testsuite", "name", "capprobe", "tests", tests, "failures", failures, "errors", errors,
                   "disabled", "0", "skipped", skipped, "time", seconds, NULL);
}

static void
print_case(CpMarkup *markup, const CpCase *it)
{
    const char *element = elements[it->outcome];
    cp_markup_open(markup, "testcase", "name", it->name, NULL);
    if (element) {
        cp_markup_open(markup, element, "type", cp_outcome_name(it->outcome), "message", it->reason, NULL);
        for (char **line = it->details; *line; line++) {
            cp_markup_text(markup, "%s", *line);
            cp_markup_raw(markup, "\n");
        }
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
}

void
cp_junit_print(const CpResult *result, FILE *out)
{
    g_autoptr(GPtrArray) cases = cp_cases(result);
    g_autoptr(CpMarkup) markup = cp_markup_new(out);

    xmlTextWriterSetIndent(markup, TRUE);
    xmlTextWriterStartDocument(markup, NULL, "UTF-8", NULL);
    open_suites(markup, result, cases);
    for (guint i = 0; i < cases->len; i++)
        print_case(markup, cases->pdata[i]);
    xmlTextWriterEndDocument(markup);
}
