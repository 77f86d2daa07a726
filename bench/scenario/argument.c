/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of steps: checked against their placeholders, and their values taken. */
#include "scenario/argument.h"

#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/input.h"

#define SHOWN_MAX 40 /* characters of a word in a message */
#define LABEL_MAX 40 /* characters */

char *
cp_argument_shorten(const char *word)
{
    return g_utf8_substring(word, 0, MIN(g_utf8_strlen(word, -1), SHOWN_MAX));
}

static gboolean
read_file(const CpScenario *scenario, CpStep *step, int arg, GError **error)
{
    const char *name = step->args[arg];
    g_autofree char *path = g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(scenario->folder, name, NULL);
    g_autoptr(GError) cause = NULL;
    char *content;
    gsize length;
    if (!cp_input_read(path, &content, &length, &cause))
        return cp_scenario_refuse(scenario, step, arg, error, "%s", cause->message);
    step->content = g_bytes_new_take(content, length);
    return TRUE;
}

static gboolean
is_module(const char *text)
{
    return *text && !strchr(text, '/') && !g_str_has_suffix(text, ".so");
}

static gboolean
read_label(const CpScenario *scenario, CpStep *step, int arg, gboolean quoted, GError **error)
{
    step->label = step->args[arg];
    if (!quoted)
        return cp_scenario_refuse(scenario, step, arg, error, "a label without quotes, expected \"%s\"", step->label);
    glong length = g_utf8_strlen(step->label, -1);
    if (length < 1 || length > LABEL_MAX)
        return cp_scenario_refuse(scenario, step, arg, error, "a label of %ld characters, expected 1 to %d", length,
                                  LABEL_MAX);
    return TRUE;
}

gboolean
cp_argument_read(
    const CpScenario *scenario, CpStep *step, int arg, const char *placeholder, gboolean quoted, GError **error)
{
    const char *text = step->args[arg];
    g_autofree char *shown = cp_argument_shorten(text);
    guint64 mode, leaf, rate;
    gint64 min, max;

    if (g_str_equal(placeholder, "N") && !cp_operation_count(step->operation, text, &step->number, &min, &max))
        return cp_scenario_refuse(
            scenario, step, arg, error,
            "'%s' is not a count, expected a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, shown, min, max);
    if (g_str_equal(placeholder, "MODE")) {
        if (!g_ascii_string_to_unsigned(text, 8, 0, 0777, &mode, NULL))
            return cp_scenario_refuse(scenario, step, arg, error,
                                      "'%s' is not a mode, expected an octal number up to 777, such as 644", shown);
        step->number = mode;
    }
    if (g_str_equal(placeholder, "LEAF")) {
        if (!g_str_has_prefix(text, "0x") || !g_ascii_string_to_unsigned(text + 2, 16, 0, G_MAXUINT32, &leaf, NULL))
            return cp_scenario_refuse(scenario, step, arg, error,
                                      "'%s' is not a leaf of CPUID, expected a hexadecimal number such as 0x1f", shown);
        step->number = leaf;
    }
    if (g_str_equal(placeholder, "DURATION") && !cp_duration_parse(text, &step->number))
        return cp_scenario_refuse(scenario, step, arg, error, "'%s' is not a duration, expected " CP_DURATION_EXPECTED,
                                  shown);
    if (g_str_equal(placeholder, "RATE")) {
        if (!g_ascii_string_to_unsigned(text, 10, 1, CP_CLIENT_RATE_MAX, &rate, NULL))
            return cp_scenario_refuse(scenario, step, arg, error,
                                      "'%s' is not a rate, expected reads per second, 1 to %d", shown,
                                      CP_CLIENT_RATE_MAX);
        step->rate = rate;
    }
    if (g_str_equal(placeholder, "KIND") && !cp_operation_is_image(text))
        return cp_scenario_refuse(scenario, step, arg, error,
                                  "'%s' is not a kind of image, expected one of " CP_OPERATION_IMAGES, shown);
    if (g_str_equal(placeholder, "MODULE") && !is_module(text))
        return cp_scenario_refuse(scenario, step, arg, error,
                                  "'%s' is not a module, expected its file's name without '.so', such as "
                                  "hw-display-qxl",
                                  shown);
    if (g_str_equal(placeholder, "NAME") && (!*text || g_str_equal(text, "-") || strpbrk(text, " \t\r")))
        return cp_scenario_refuse(scenario, step, arg, error, "'%s' is not a name, expected one word, such as q35",
                                  shown);
    if (g_str_equal(placeholder, "COMMAND") && !*text)
        return cp_scenario_refuse(scenario, step, arg, error, "'' is not a command, expected the name of a program");
    /* No element has the value "", so that it would always be lacking. */
    if (g_str_equal(placeholder, "VALUE") && !*text && step->operation->op == CP_OP_EXPECT)
        return cp_scenario_refuse(scenario, step, arg, error,
                                  "'' is not a value of an element, expected one such as qxl");
    if (g_str_equal(placeholder, "LABEL"))
        return read_label(scenario, step, arg, quoted, error);
    return !g_str_equal(placeholder, "FILE") || read_file(scenario, step, arg, error);
}
