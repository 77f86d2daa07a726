/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds capprobe's own files relative to the program, so that an installed tree can be moved. Runs in the caller. */
#include "run/own-files.h"

#include "base/error.h"
#include "config.h"

/* Looks for `installed` and `beside`, both relative to the program's folder, and returns the first that passes `test`. */
static char *
find(const char *installed, const char *beside, GFileTest test, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *program = g_file_read_link("/proc/self/exe", &cause);
    if (!program) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "capprobe needs /proc, to find its own files: %s",
                    cause->message);
        return NULL;
    }

    g_autofree char *folder = g_path_get_dirname(program);
    g_autofree char *first = g_canonicalize_filename(installed, folder);
    g_autofree char *second = g_canonicalize_filename(beside, folder);
    if (g_file_test(first, test))
        return g_steal_pointer(&first);
    if (g_file_test(second, test))
        return g_steal_pointer(&second);
    g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "neither %s nor %s exists: capprobe is not installed completely",
                first, second);
    return NULL;
}

char *
cp_own_client(GError **error)
{
    return find(CP_BIN_TO_LIBEXEC "/capprobe-client", "capprobe-client", G_FILE_TEST_IS_EXECUTABLE, error);
}

char *
cp_own_corpus(GError **error)
{
    return find(CP_BIN_TO_DATA, "corpus", G_FILE_TEST_IS_DIR, error);
}
