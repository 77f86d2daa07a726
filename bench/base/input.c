/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Input files: read whole, up to a limit, or opened. */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"

#define CHUNK 65536

static gboolean
is_readable(const struct stat *status)
{
    return S_ISREG(status->st_mode) || S_ISFIFO(status->st_mode);
}

/* Opens `file` if it is of a kind that can be read whole. Nothing else is opened: that alone would move some devices.
 * Reads do not block: some files below /proc, such as kmsg, would make the reader wait forever. */
static int
open_readable(const char *file, struct stat *status, GError **error)
{
    if (stat(file, status) < 0) {
        cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be read", file);
        return -1;
    }
    if (!is_readable(status)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: not a regular file, expected the name of a regular file or of a pipe", file);
        return -1;
    }
    int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be read", file);
    return fd;
}

/* Appends what `fd` holds to `text`, until that is longer than `max`. */
static gboolean
read_all(int fd, gsize max, GString *text)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    for (;;) {
        ssize_t n = TEMP_FAILURE_RETRY(read(fd, chunk, CHUNK));
        if (n <= 0)
            return n == 0;
        g_string_append_len(text, chunk, n);
        if (text->len > max)
            return TRUE;
    }
}

static void
refuse_silent_pipe(const char *file, GError **error)
{
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: nothing comes out of this pipe, expected text", file);
}

gboolean
cp_input_read_limited(const char *file, gsize max, char **text, gsize *length, GError **error)
{
    struct stat status;
    int fd = open_readable(file, &status, error);
    if (fd < 0)
        return FALSE;

    g_autoptr(GString) content = g_string_new(NULL);
    gboolean pipe = S_ISFIFO(status.st_mode), too_long = !pipe && status.st_size > (goffset)max;
    gboolean read = too_long || ((!pipe || fcntl(fd, F_SETFL, 0) == 0) && read_all(fd, max, content));
    int number = errno;
    close(fd);

    if (!read)
        return cp_error_set_errno(error, CP_ERROR_USAGE, number, "%s: cannot be read", file);
    if (too_long || content->len > max) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:1:1: the file is too long, expected at most %zu bytes", file,
                    max);
        return FALSE;
    }
    if (pipe && content->len == 0) {
        refuse_silent_pipe(file, error);
        return FALSE;
    }
    *length = content->len;
    *text = g_string_free(g_steal_pointer(&content), FALSE);
    return TRUE;
}

gboolean
cp_input_read(const char *file, char **text, gsize *length, GError **error)
{
    return cp_input_read_limited(file, CP_INPUT_MAX, text, length, error);
}

/* Copies what comes out of the pipe `fd` to `copy`. */
static gboolean
copy_pipe(const char *file, int fd, FILE *copy, GError **error)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    ssize_t n = fcntl(fd, F_SETFL, 0);
    while (n == 0 && (n = TEMP_FAILURE_RETRY(read(fd, chunk, CHUNK))) > 0)
        n = fwrite(chunk, 1, n, copy) == (size_t)n ? 0 : -2;
    if (n == -1)
        return cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be read", file);
    if (n == -2 || fflush(copy) != 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be copied to a temporary file", file);
    if (ftello(copy) > 0)
        return TRUE;
    refuse_silent_pipe(file, error);
    return FALSE;
}

FILE *
cp_input_open(const char *file, GError **error)
{
    struct stat status;
    int fd = open_readable(file, &status, error);
    if (fd < 0 || !S_ISFIFO(status.st_mode))
        return fd < 0 ? NULL : fdopen(fd, "r");

    FILE *copy = cp_temporary_open(error);
    if (copy && !copy_pipe(file, fd, copy, error))
        g_clear_pointer(&copy, fclose);
    close(fd);
    return copy;
}
