/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks up exit statuses and prints them for --help. */
#include "base/exit.h"

const CpExitMeaning cp_exit_meanings[] = {
#define CP_EXIT_STATUS(id, status, meaning) { CP_EXIT_##id, meaning },
#include "base/exit.def"
#undef CP_EXIT_STATUS
    { 0, NULL },
};

gboolean
cp_exit_parse_style(const char *name, CpExitStyle *style)
{
    static const char *const names[] = {
        [CP_EXIT_STYLE_PLAIN] = "plain", [CP_EXIT_STYLE_TEST] = "test", [CP_EXIT_STYLE_NAGIOS] = "nagios"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(names[i], name)) {
            *style = i;
            return TRUE;
        }
    }
    return FALSE;
}

int
cp_exit_translate(CpExitStyle style, CpExit status)
{
    switch (style) {
    case CP_EXIT_STYLE_PLAIN:
        break;
    case CP_EXIT_STYLE_TEST:
        return status == CP_EXIT_UNTESTABLE ? 77 : status;
    case CP_EXIT_STYLE_NAGIOS:
        return status == CP_EXIT_WELL ? 0 : status == CP_EXIT_BAD ? 2 : 3;
    }
    return status;
}

gboolean
cp_exit_is_known(gint64 status)
{
    for (const CpExitMeaning *meaning = cp_exit_meanings; meaning->text; meaning++) {
        if ((gint64)meaning->status == status)
            return TRUE;
    }
    return FALSE;
}

char *
cp_exit_describe(void)
{
    GString *text = g_string_new(NULL);
    for (const CpExitMeaning *meaning = cp_exit_meanings; meaning->text; meaning++)
        g_string_append_printf(text, "  %3d  %s\n", (int)meaning->status, meaning->text);
    return g_string_free(text, FALSE);
}
