/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"

G_DEFINE_QUARK(cp - error, cp_error)

CpExit
cp_error_exit(const GError *error)
{
    if (error->domain == G_OPTION_ERROR || g_error_matches(error, CP_ERROR, CP_ERROR_USAGE))
        return CP_EXIT_USAGE;
    if (g_error_matches(error, CP_ERROR, CP_ERROR_UNTESTABLE))
        return CP_EXIT_UNTESTABLE;
    return CP_EXIT_FAILED;
}

char *
cp_error_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_iscntrl(c))
            g_string_append_printf(line, "\\u%04x", c);
        else
            g_string_append_unichar(line, c);
    }
    return g_string_free(line, FALSE);
}

gboolean
cp_error_set_errno(GError **error, CpError code, int number, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    g_autofree char *text = g_strdup_vprintf(what, args);
    va_end(args);

    g_set_error(error, CP_ERROR, code, "%s: %s", text, g_strerror(number));
    return FALSE;
}
