/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

struct _CpOutput {
    char *path;
    char *temporary; /* NULL where the file system can write a file that has no name */
    FILE *stream;
};

CpOutput *
cp_output_begin(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *temporary = NULL;

    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: is a folder, expected the name of a file to write", path);
        return NULL;
    }

    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        temporary = g_strdup_printf("%s.XXXXXX", path);
        fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
        return NULL;
    }

    CpOutput *output = g_new0(CpOutput, 1);
    output->path = g_strdup(path);
    output->temporary = g_steal_pointer(&temporary);
    output->stream = fdopen(fd, "w+");
    return output;
}

gboolean
cp_output_check(const char *path, GError **error)
{
    g_autoptr(CpOutput) output = path ? cp_output_begin(path, error) : NULL;
    return !path || output != NULL;
}

FILE *
cp_output_stream(CpOutput *output)
{
    return output->stream;
}

/* Gives the nameless file its name. A file that is there already can only be replaced by way of a name beside it. */
static gboolean
give_name(CpOutput *output)
{
    if (!output->temporary) {
        g_autofree char *source = g_strdup_printf("/proc/self/fd/%d", fileno(output->stream));
        if (linkat(AT_FDCWD, source, AT_FDCWD, output->path, AT_SYMLINK_FOLLOW) == 0)
            return TRUE;
        if (errno != EEXIST)
            return FALSE;

        g_autofree char *beside = g_strdup_printf("%s.%d", output->path, (int)getpid());
        if (linkat(AT_FDCWD, source, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) < 0)
            return FALSE;
        output->temporary = g_steal_pointer(&beside);
    }
    if (rename(output->temporary, output->path) < 0)
        return FALSE;
    g_clear_pointer(&output->temporary, g_free);
    return TRUE;
}

gboolean
cp_output_commit(CpOutput *output, GError **error)
{
    g_autoptr(CpOutput) owned = output;

    if (fflush(owned->stream) != 0 || ferror(owned->stream) || fsync(fileno(owned->stream)) < 0 || !give_name(owned))
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: could not be written", owned->path);
    return TRUE;
}

void
cp_output_discard(CpOutput *output)
{
    if (!output)
        return;
    if (output->temporary)
        unlink(output->temporary);
    fclose(output->stream);
    g_free(output->temporary);
    g_free(output->path);
    g_free(output);
}
