/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit: test cases as an XML file, as GitLab and tmt read it. */
#include "show/junit-cases.h"

#include "base/duration.h"
#include "show/markup.h"

/* The element for an outcome that is not a success, and its type. */
static const struct {
    const char *element, *type;
} outcomes[CP_JUNIT_LAST] = {
    [CP_JUNIT_FAILED] = { "failure", "failed" },
    [CP_JUNIT_ERROR] = { "error", "undecided" },
    [CP_JUNIT_SKIPPED] = { "skipped", "skipped" },
};

static char *
seconds(gint64 ns)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(buffer, sizeof(buffer), "%.3f", ns / (double)CP_NS_PER_S));
}

static void
open_suites(CpMarkup *markup, const char *suite, const CpJunitCase *cases, guint n, gint64 wall_ns)
{
    guint count[CP_JUNIT_LAST] = { 0 };
    for (guint i = 0; i < n; i++)
        count[cases[i].outcome]++;
    g_autofree char *time = seconds(wall_ns);
    g_autofree char *tests = g_strdup_printf("%u", n);
    g_autofree char *failures = g_strdup_printf("%u", count[CP_JUNIT_FAILED]);
    g_autofree char *errors = g_strdup_printf("%u", count[CP_JUNIT_ERROR]);
    g_autofree char *skipped = g_strdup_printf("%u", count[CP_JUNIT_SKIPPED]);

    cp_markup_open(markup, "testsuites", "tests", tests, "failures", failures, "errors", errors, "disabled", "0",
                   "time", time, NULL);
    cp_markup_open(markup, "testsuite", "name", suite, "tests", tests, "failures", failures, "errors", errors,
                   "disabled", "0", "skipped", skipped, "time", time, NULL);
}

static void
print_case(CpMarkup *markup, const CpJunitCase *test)
{
    g_autofree char *time = test->wall_ns ? seconds(test->wall_ns) : NULL;
    cp_markup_open(markup, "testcase", "name", test->name, "classname", test->group, "time", time, NULL);
    if (test->outcome != CP_JUNIT_PASSED) {
        cp_markup_open(markup, outcomes[test->outcome].element, "type", outcomes[test->outcome].type, "message",
                       test->message, NULL);
        g_auto(GStrv) lines = g_strsplit(test->text ? test->text : "", "\n", -1);
        for (char **line = lines; *line; line++) {
            cp_markup_text(markup, "%s", *line);
            if (line[1])
                cp_markup_raw(markup, "\n");
        }
        cp_markup_close(markup);
    }
    cp_markup_close(markup);
}

void
cp_junit_print_cases(const char *suite, const CpJunitCase *cases, guint n, gint64 wall_ns, FILE *out)
{
    g_autoptr(CpMarkup) markup = cp_markup_new(out);

    xmlTextWriterSetIndent(markup, TRUE);
    xmlTextWriterStartDocument(markup, NULL, "UTF-8", NULL);
    open_suites(markup, suite, cases, n, wall_ns);
    for (guint i = 0; i < n; i++)
        print_case(markup, &cases[i]);
    xmlTextWriterEndDocument(markup);
}
