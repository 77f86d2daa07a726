/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scenarios: made, freed, walked, and refused with a place. parser.c reads their text. */
#include "scenario/scenario.h"

#include <string.h>

#include "base/error.h"
#include "base/input.h"
#include "base/text.h"

/* Returns the name by which results know a scenario. */
static char *
name_of(const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    if (g_str_equal(base, "repro.scn")) {
        g_autofree char *path = g_canonicalize_filename(file, NULL);
        g_autofree char *folder = g_path_get_dirname(path);
        return g_filename_display_basename(folder);
    }
    if (g_str_has_suffix(base, ".scn"))
        base[strlen(base) - strlen(".scn")] = '\0';
    return g_filename_display_name(base);
}

CpScenario *
cp_scenario_new(const char *file)
{
    CpScenario *scenario = g_new0(CpScenario, 1);
    scenario->file = g_filename_display_name(file);
    scenario->folder = g_path_get_dirname(file);
    scenario->name = name_of(file);
    scenario->steps = g_ptr_array_new_with_free_func((GDestroyNotify)cp_step_free);
    return scenario;
}

CpScenario *
cp_scenario_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return cp_input_read_limited(file, CP_SCENARIO_MAX, &text, &length, error)
               ? cp_scenario_parse(file, text, length, error)
               : NULL;
}

void
cp_scenario_free(CpScenario *scenario)
{
    if (!scenario)
        return;
    g_free(scenario->file);
    g_free(scenario->folder);
    g_free(scenario->name);
    g_free(scenario->text);
    g_ptr_array_unref(scenario->steps);
    g_free(scenario);
}

void
cp_step_free(CpStep *step)
{
    if (!step)
        return;
    g_free(step->columns);
    g_strfreev(step->args);
    g_clear_pointer(&step->content, g_bytes_unref);
    g_clear_pointer(&step->block, g_ptr_array_unref);
    g_free(step);
}

static gboolean
refuse(const CpScenario *scenario, guint line, guint column, GError **error, const char *what, va_list args)
{
    g_autofree char *reason = g_strdup_vprintf(what, args);
    g_autofree char *text = g_strdup_printf("%s:%u:%u: %s", scenario->file, line, column, reason);
    g_autofree char *shown = cp_text_printable(text);
    g_set_error_literal(error, CP_ERROR, CP_ERROR_USAGE, shown);
    return FALSE;
}

gboolean
cp_scenario_refuse_at(const CpScenario *scenario, guint line, guint column, GError **error, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    refuse(scenario, line, column, error, what, args);
    va_end(args);
    return FALSE;
}

gboolean
cp_scenario_refuse(const CpScenario *scenario, const CpStep *step, int arg, GError **error, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    refuse(scenario, step->line, step->columns[arg + 1], error, what, args);
    va_end(args);
    return FALSE;
}

static gboolean
each(const GPtrArray *steps, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (!visit(step, data) || (step->block && !each(step->block, visit, data)))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_scenario_each(const CpScenario *scenario, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data)
{
    return each(scenario->steps, visit, data);
}

const char *
cp_step_module(const CpStep *step, int *arg)
{
    g_auto(GStrv) form = cp_operation_form(step->operation, (const char *const *)step->args);
    for (int i = 0; form && form[i]; i++) {
        if (!g_str_equal(form[i], "MODULE"))
            continue;
        if (arg)
            *arg = i;
        return step->args[i];
    }
    return NULL;
}
