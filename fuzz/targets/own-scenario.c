/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own-scenario: no text makes the parser of scenarios crash, leak or hang. A scenario is refused with its place, or
 * accepted, and then all its steps can be visited and are the same when its own text is parsed again.
 */

#include "scenario/scenario.h"

#include "checks/own-format.h"
#include "driver/property.h"
#include "driver/target.h"

static gpointer
parse(const char *text, gsize length, GError **error)
{
    return cp_scenario_parse(CP_OWN_FORMAT_FILE, text, length, error);
}

static char *
write_scenario(gconstpointer scenario)
{
    return g_strdup(((const CpScenario *)scenario)->text);
}

static gboolean
describe_step(const CpStep *step, gpointer data)
{
    GString *description = data;
    g_autofree char *args = g_strjoinv("|", step->args);
    int arg = -1;
    const char *module = cp_step_module(step, &arg);

    CP_PROPERTY(!module || (arg >= 0 && module == step->args[arg]),
                "'%s' has a module that is not one of its arguments", step->operation->word);
    g_string_append_printf(description, "%u:%u %s %s|%" G_GINT64_FORMAT "|%s|%zu|%d\n", step->line, step->columns[0],
                           step->operation->word, args, step->number, module ? module : "",
                           step->content ? g_bytes_get_size(step->content) : 0,
                           step->block ? (int)step->block->len : -1);
    return TRUE;
}

static char *
describe(gconstpointer scenario)
{
    GString *description = g_string_new(NULL);

    CP_PROPERTY(cp_scenario_each(scenario, describe_step, description), "not every step was visited");
    return g_string_free(description, FALSE);
}

static void
free_scenario(gpointer scenario)
{
    cp_scenario_free(scenario);
}

static const CpOwnFormat format = {
    .parse = parse, .write = write_scenario, .describe = describe, .free = free_scenario
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gpointer scenario = cp_own_format_check(&format, (const char *)data, size);

    if (scenario)
        cp_scenario_free(scenario);
    return 0;
}
