/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit: outcomes as an XML file, as GitLab and others read it. */
#include "show/junit.h"

#include "base/duration.h"
#include "base/text.h"

static const char *const elements[] = {
    [CP_JUNIT_FAILED] = "failure",
    [CP_JUNIT_ERROR] = "error",
    [CP_JUNIT_SKIPPED] = "skipped",
};

/* Returns one line of text for an attribute or an element. Control characters, which XML cannot hold, are made visible. */
static char *
escaped(const char *line)
{
    g_autofree char *printable = cp_text_printable(line);
    return g_markup_escape_text(printable, -1);
}

static void
print_lines(const char *text, FILE *out)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_autofree char *safe = escaped(*line);
        fprintf(out, "%s%s", safe, line[1] ? "\n" : "");
    }
}

static void
print_case(const CpJunitCase *test, FILE *out)
{
    g_autofree char *group = escaped(test->group), *name = escaped(test->name);
    fprintf(out, "    <testcase classname=\"%s\" name=\"%s\" time=\"%.3f\"", group, name,
            test->wall_ns / (double)CP_NS_PER_S);
    if (test->outcome == CP_JUNIT_PASSED) {
        fprintf(out, "/>\n");
        return;
    }
    g_autofree char *message = escaped(test->message);
    fprintf(out, ">\n      <%s message=\"%s\">", elements[test->outcome], message);
    print_lines(test->text ? test->text : "", out);
    fprintf(out, "</%s>\n    </testcase>\n", elements[test->outcome]);
}

void
cp_junit_print(const char *suite, const CpJunitCase *cases, guint n, FILE *out)
{
    guint counts[CP_JUNIT_SKIPPED + 1] = { 0 };
    gint64 wall_ns = 0;
    for (guint i = 0; i < n; i++) {
        counts[cases[i].outcome]++;
        wall_ns += cases[i].wall_ns;
    }
    g_autofree char *name = escaped(suite);
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
            "  <testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\">\n",
            name, n, counts[CP_JUNIT_FAILED], counts[CP_JUNIT_ERROR], counts[CP_JUNIT_SKIPPED],
            wall_ns / (double)CP_NS_PER_S);
    for (guint i = 0; i < n; i++)
        print_case(&cases[i], out);
    fprintf(out, "  </testsuite>\n</testsuites>\n");
}
