/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/input.h"

#include "base/error.h"

gboolean
cp_input_read(const char *file, char **text, gsize *length, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (g_file_test(file, G_FILE_TEST_EXISTS) && !g_file_test(file, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: not a regular file", file);
        return FALSE;
    }
    if (!g_file_get_contents(file, text, length, &cause)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: cannot be read: %s", file, cause->message);
        return FALSE;
    }
    return TRUE;
}
