/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output files: a regular file appears whole or not at all, anything else is written to as it is. */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/error.h"

#define LINKS_MAX 40 /* as the kernel allows in one path */
#define NAMES_TRIED 100

struct _CpOutput {
    char *name;      /* as the user wrote it, for messages */
    char *path;      /* the regular file to replace, links followed; NULL if written in place, or if it has its name */
    char *temporary; /* the name of the temporary file; NULL if it has none */
    FILE *stream;
    gboolean sync; /* it is a regular file, made here */
};

/* Where an output goes. */
typedef enum { TO_STDOUT, IN_PLACE, REPLACE } Way;

/* Links in /proc, such as that behind /dev/stdout, stand for open files: their text is not always a path. */
static gboolean
is_in_proc(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    struct statfs system;
    return statfs(folder, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/* Follows symbolic links, also if the last of them points to nothing. NULL with errno set if there are too many. */
static char *
follow_links(const char *path)
{
    g_autofree char *at = g_strdup(path);
    for (guint i = 0; i < LINKS_MAX; i++) {
        g_autofree char *target = is_in_proc(at) ? NULL : g_file_read_link(at, NULL);
        if (!target)
            return g_steal_pointer(&at);
        g_autofree char *folder = g_path_get_dirname(at);
        g_free(at);
        at = g_path_is_absolute(target) ? g_steal_pointer(&target) : g_build_filename(folder, target, NULL);
    }
    errno = ELOOP;
    return NULL;
}

static gboolean
same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Finds out how `path` is to be written. REPLACE: `*file` is the name to replace, and `*old` the file of that name
 * (st_mode is 0 if there is none). */
static gboolean
resolve(const char *path, Way *way, char **file, struct stat *old, GError **error)
{
    struct stat out;
    *way = TO_STDOUT;
    *old = (struct stat){ 0 };
    *file = NULL;
    if (g_str_equal(path, "-"))
        return TRUE;

    if (!*path)
        return cp_error_set_errno(error, CP_ERROR_USAGE, ENOENT, "%s: cannot be written", path);
    g_autofree char *resolved = follow_links(path);
    if (!resolved)
        return cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
    gboolean exists = stat(resolved, old) == 0;
    if (!exists && errno != ENOENT)
        return cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
    if (exists && S_ISDIR(old->st_mode)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: is a folder, expected the name of a file to write", path);
        return FALSE;
    }
    if (exists && S_ISSOCK(old->st_mode)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: is a socket, expected the name of a file to write", path);
        return FALSE;
    }
    if (exists && fstat(STDOUT_FILENO, &out) == 0 && same_file(old, &out))
        return TRUE;
    if (exists && faccessat(AT_FDCWD, resolved, W_OK, AT_EACCESS) < 0)
        return cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
    *way = exists && (!S_ISREG(old->st_mode) || is_in_proc(resolved)) ? IN_PLACE : REPLACE;
    *file = g_steal_pointer(&resolved);
    return TRUE;
}

/* Opens a temporary file in the folder of `path`, without a name if the file system can do that. */
static int
open_temporary(const char *path, char **temporary)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;

    g_autofree char *name = g_strdup_printf("%s.XXXXXX", path);
    fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0666);
    if (fd >= 0)
        *temporary = g_steal_pointer(&name);
    return fd;
}

static gboolean
copy_owner_and_mode(int fd, const struct stat *old)
{
    struct stat new;
    if (old->st_mode == 0)
        return TRUE;
    if (fstat(fd, &new) < 0)
        return FALSE;
    if ((new.st_uid != old->st_uid || new.st_gid != old->st_gid) && fchown(fd, old->st_uid, old->st_gid) < 0)
        return FALSE;
    return fchmod(fd, old->st_mode & 07777) == 0;
}

static gboolean
open_stream(CpOutput *output, Way way, const struct stat *old)
{
    if (way == TO_STDOUT) {
        output->stream = stdout;
        return TRUE;
    }
    int fd = way == IN_PLACE ? open(output->path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC)
                             : open_temporary(output->path, &output->temporary);
    if (fd < 0)
        return FALSE;
    if (way == IN_PLACE)
        g_clear_pointer(&output->path, g_free);
    else if (!copy_owner_and_mode(fd, old)) {
        close(fd);
        return FALSE;
    }
    output->sync = way == REPLACE;
    output->stream = fdopen(fd, way == IN_PLACE ? "w" : "w+");
    if (!output->stream)
        close(fd);
    return output->stream != NULL;
}

CpOutput *
cp_output_begin(const char *path, GError **error)
{
    g_autoptr(CpOutput) output = g_new0(CpOutput, 1);
    struct stat old;
    Way way;

    output->name = g_strdup(g_str_equal(path, "-") ? "standard output" : path);
    if (!resolve(path, &way, &output->path, &old, error))
        return NULL;
    if (!open_stream(output, way, &old)) {
        cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
        return NULL;
    }
    return g_steal_pointer(&output);
}

gboolean
cp_output_check(const char *path, GError **error)
{
    struct stat old;
    g_autofree char *file = NULL;
    Way way;

    if (!path)
        return TRUE;
    if (!resolve(path, &way, &file, &old, error))
        return FALSE;
    if (way != REPLACE)
        return TRUE;
    g_autoptr(CpOutput) output = cp_output_begin(path, error);
    return output != NULL;
}

/* Describes the file that `path` writes to. If there is none yet: its folder, and its name in there. */
static gboolean
identify(const char *path, struct stat *file, char **name, GError **error)
{
    g_autofree char *resolved = NULL;
    Way way;
    if (!resolve(path, &way, &resolved, file, error))
        return FALSE;
    if (way == TO_STDOUT)
        return fstat(STDOUT_FILENO, file) == 0 ||
               cp_error_set_errno(error, CP_ERROR_USAGE, errno, "standard output: cannot be written");
    if (file->st_mode != 0)
        return TRUE;
    g_autofree char *folder = g_path_get_dirname(resolved);
    *name = g_path_get_basename(resolved);
    return stat(folder, file) == 0 || cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot be written", path);
}

gboolean
cp_output_check_distinct(const char *a, const char *b, GError **error)
{
    g_autofree char *name_a = NULL, *name_b = NULL;
    struct stat file_a, file_b;

    if (!a || !b)
        return TRUE;
    if (!identify(a, &file_a, &name_a, error) || !identify(b, &file_b, &name_b, error))
        return FALSE;
    if (!same_file(&file_a, &file_b) || g_strcmp0(name_a, name_b) != 0 || S_ISCHR(file_a.st_mode))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: is the same file as %s, expected different files", a, b);
    return FALSE;
}

FILE *
cp_output_stream(CpOutput *output)
{
    return output->stream;
}

FILE *
cp_output_reopen(CpOutput *output)
{
    int fd = output->sync ? fcntl(fileno(output->stream), F_DUPFD_CLOEXEC, 0) : -1;
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");
    if (!stream && fd >= 0)
        close(fd);
    return stream;
}

/* Gives the nameless file a name beside the one it will have: a link cannot replace an existing file. */
static gboolean
link_beside(CpOutput *output, const char *source)
{
    for (guint i = 0; i < NAMES_TRIED; i++) {
        g_autofree char *beside = g_strdup_printf("%s.%08x", output->path, g_random_int());
        if (linkat(AT_FDCWD, source, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) == 0) {
            output->temporary = g_steal_pointer(&beside);
            return TRUE;
        }
        if (errno != EEXIST)
            return FALSE;
    }
    return FALSE;
}

static gboolean
give_name(CpOutput *output)
{
    if (!output->temporary) {
        g_autofree char *source = g_strdup_printf("/proc/self/fd/%d", fileno(output->stream));
        if (linkat(AT_FDCWD, source, AT_FDCWD, output->path, AT_SYMLINK_FOLLOW) == 0)
            return TRUE;
        if (errno != EEXIST || !link_beside(output, source))
            return FALSE;
    }
    if (rename(output->temporary, output->path) < 0)
        return FALSE;
    g_clear_pointer(&output->temporary, g_free);
    return TRUE;
}

gboolean
cp_output_publish(CpOutput *output, GError **error)
{
    errno = EIO; /* if an earlier write failed, its errno is lost */
    if (ferror(output->stream) || fflush(output->stream) != 0 || (output->path && !give_name(output)))
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: could not be written", output->name);
    g_clear_pointer(&output->path, g_free);
    return TRUE;
}

gboolean
cp_output_commit(CpOutput *output, GError **error)
{
    g_autoptr(CpOutput) owned = output;

    if (owned->stream == stdout)
        return cp_output_finish_stdout(error);
    errno = EIO; /* if an earlier write failed, its errno is lost */
    if (ferror(owned->stream) || fflush(owned->stream) != 0 || (owned->sync && fsync(fileno(owned->stream)) < 0) ||
        (owned->path && !give_name(owned)))
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: could not be written", owned->name);
    return TRUE;
}

void
cp_output_discard(CpOutput *output)
{
    if (!output)
        return;
    if (output->temporary)
        unlink(output->temporary);
    if (output->stream && output->stream != stdout)
        fclose(output->stream);
    g_free(output->temporary);
    g_free(output->path);
    g_free(output->name);
    g_free(output);
}

static gboolean
stdout_reader_is_gone(void)
{
    struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
    return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP));
}

gboolean
cp_output_finish_stdout(GError **error)
{
    errno = EIO; /* if an earlier write failed, its errno is lost */
    gboolean failed = ferror(stdout);
    if (fflush(stdout) == 0 && !failed)
        return TRUE;
    int number = errno;
    return stdout_reader_is_gone() ||
           cp_error_set_errno(error, CP_ERROR_FAILED, number, "standard output: could not be written");
}
