/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats in which a result can be printed. */
#include "show/formats.h"

#include "show/table.h"

static const struct {
    const char *name;
    CpFormat *print;
} formats[] = {
    { "table", cp_table_print },     { "junit", cp_junit_print },
    { "tap", cp_tap_print },         { "markdown", cp_markdown_print },
    { "csv", cp_csv_print },         { "openmetrics", cp_openmetrics_print },
    { "bencher", cp_bencher_print }, { "github-action-benchmark", cp_github_action_benchmark_print },
    { "otava", cp_otava_print },     { "tmt", cp_tmt_print },
};

CpFormat *
cp_format_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_str_equal(formats[i].name, name))
            return formats[i].print;
    }
    return NULL;
}

char *
cp_format_list(void)
{
    GString *list = g_string_new(formats[0].name);
    for (gsize i = 1; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(list, "%s%s", i + 1 < G_N_ELEMENTS(formats) ? ", " : " or ", formats[i].name);
    return g_string_free(list, FALSE);
}
