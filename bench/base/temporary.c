/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temporary files: they have no name, so nothing is left of them. */
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

FILE *
cp_temporary_open(GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) cause = NULL;
    int fd = g_file_open_tmp("capprobe-XXXXXX", &path, &cause);
    if (fd < 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "cannot make a temporary file: %s", cause->message);
        return NULL;
    }
    unlink(path);
    FILE *file = fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? fdopen(fd, "w+") : NULL;
    if (!file) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a temporary file");
        close(fd);
    }
    return file;
}
