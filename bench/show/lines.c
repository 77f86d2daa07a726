/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The measured lines of a result, with the names that formats for other programs give them. */
#include "show/lines.h"

static void
line_free(gpointer data)
{
    CpShownLine *line = data;
    g_free(line->name);
    g_free(line->label);
    g_free(line);
}

char *
cp_shown_scenario(const CpScenarioResult *scenario)
{
    return scenario->variant ? g_strdup_printf("%s (%s)", scenario->name, scenario->variant) : g_strdup(scenario->name);
}

char *
cp_shown_line(const CpScenarioResult *scenario, const CpResultLine *line)
{
    GString *name = g_string_new(NULL);
    g_string_append_printf(name, "%s:%" G_GINT64_FORMAT, scenario->name, line->line);
    if (line->label)
        g_string_append_printf(name, " %s", line->label);
    if (scenario->variant)
        g_string_append_printf(name, " (%s)", scenario->variant);
    return g_string_free(name, FALSE);
}

GPtrArray *
cp_shown_lines(const CpResult *result)
{
    GPtrArray *shown = g_ptr_array_new_with_free_func(line_free);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
        for (guint l = 0; l < lines->len; l++) {
            const CpResultLine *line = lines->pdata[l];
            if (line->samples_ns->len == 0)
                continue;
            CpShownLine *found = g_new0(CpShownLine, 1);
            found->scenario = scenario;
            found->name = cp_shown_line(scenario, line);
            found->label = g_strdup(line->label ? line->label : "");
            found->line = line->line;
            found->summary = cp_result_line_summarize(line);
            g_ptr_array_add(shown, found);
        }
    }
    return shown;
}
