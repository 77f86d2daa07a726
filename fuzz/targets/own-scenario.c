/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * scenario: no text makes the parser of scenarios crash, leak or hang; what it refuses it places, and what it takes can
 * be walked, and is the same when its own text is read again.
 */

#include "scenario/scenario.h"

#include <string.h>

#include "checks/own-format.h"
#include "driver/property.h"
#include "driver/target.h"

/* Writes down all that a step says. */
static gboolean
note(const CpStep *step, gpointer data)
{
    GString *notes = data;
    g_autofree char *args = g_strjoinv("|", step->args);
    int arg = -1;
    const char *module = cp_step_module(step, &arg);

    CP_PROPERTY(!module || (arg >= 0 && module == step->args[arg]), "'%s' has a module that is none of its arguments",
                step->operation->word);
    g_string_append_printf(notes, "%u:%u %s %s|%" G_GINT64_FORMAT "|%s|%zu|%d\n", step->line, step->columns[0],
                           step->operation->word, args, step->number, module ? module : "",
                           step->content ? g_bytes_get_size(step->content) : 0,
                           step->block ? (int)step->block->len : -1);
    return TRUE;
}

static char *
walk(const CpScenario *scenario)
{
    GString *notes = g_string_new(NULL);

    CP_PROPERTY(cp_scenario_each(scenario, note, notes), "not every step was visited");
    return g_string_free(notes, FALSE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpScenario) scenario = cp_scenario_parse(CP_OWN_FORMAT_FILE, (const char *)data, size, &error);
    g_autoptr(CpScenario) again = NULL;
    g_autofree char *steps = NULL;
    g_autofree char *steps_again = NULL;

    if (!scenario) {
        cp_own_format_refused(error, (const char *)data, size);
        return 0;
    }

    CP_PROPERTY(!error, "taken, but with an error: %s", error->message);
    steps = walk(scenario);
    again = cp_scenario_parse(CP_OWN_FORMAT_FILE, scenario->text, strlen(scenario->text), &error);
    CP_PROPERTY(again, "taken, but its own text is refused: %s", error->message);
    steps_again = walk(again);
    cp_property_equal("the steps of its own text", steps, steps_again);
    return 0;
}
