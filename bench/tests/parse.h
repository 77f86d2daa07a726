/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the parser share. */
#pragma once

#include "helper.h"
#include "scenario/scenario.h"

#define START "start\nread\n" /* the shortest valid scenario */

static inline CpScenario *
parse(const char *text, GError **error)
{
    return cp_scenario_parse("F", text, strlen(text), error);
}

static inline void
assert_not_parsed(const char *text, const char *complaint)
{
    g_autoptr(GError) error = NULL;
    g_test_message("expected: %s", complaint);
    g_assert_null(parse(text, &error));
    assert_refused(&error, complaint);
}

/* Appends the columns and texts of the step's arguments. */
static inline void
describe_arguments(const CpStep *step, GString *text)
{
    for (guint arg = 0; step->args[arg]; arg++)
        g_string_append_printf(text, " %u:[%s]", step->columns[arg + 1], step->args[arg]);
}

/* Appends the step's number, if it has one. */
static inline void
describe_number(const CpStep *step, GString *text)
{
    if (step->number != 0)
        g_string_append_printf(text, " =%" G_GINT64_FORMAT, step->number);
}
