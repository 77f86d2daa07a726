/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on the file of one module.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "run/host/operation-functions.h"

/* Runs `act` on the module's file, which must be there. */
static gboolean
with_file(CpHost *host, const CpStep *step, int flags, gboolean (*act)(int fd, const CpStep *step), GError **error)
{
    g_autofree char *path = cp_host_module_path(host, step->args[0]);
    int fd = open(path, flags | O_CLOEXEC);
    gboolean done = fd >= 0 && act(fd, step);
    int number = errno;
    if (fd >= 0)
        close(fd);
    return done ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "'%s' of %s", step->operation->word, step->args[0]);
}

static gboolean
fill_with_zeros(int fd, const CpStep *step G_GNUC_UNUSED)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return FALSE;
    g_autofree char *zeros = g_malloc0(st.st_size);
    return pwrite(fd, zeros, st.st_size, 0) == st.st_size;
}

static gboolean
cut_to_nothing(int fd, const CpStep *step G_GNUC_UNUSED)
{
    return ftruncate(fd, 0) == 0;
}

static gboolean
damage_header(int fd, const CpStep *step G_GNUC_UNUSED)
{
    return pwrite(fd, "not ELF", 7, 0) == 7;
}

static gboolean
set_present_time(int fd, const CpStep *step G_GNUC_UNUSED)
{
    return futimens(fd, NULL) == 0;
}

/* Puts a file in place under its name at once: what is beside it is renamed over it. */
static gboolean
put_file(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *pristine = cp_host_pristine_path(step->args[0]);
    g_autofree char *path = cp_host_module_path(host, step->args[0]);
    g_autofree char *content = NULL;
    gsize length;

    if (step->content) {
        const char *bytes = g_bytes_get_data(step->content, &length);
        return g_file_set_contents_full(path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
    }
    return g_file_get_contents(pristine, &content, &length, error) &&
           g_file_set_contents_full(path, content, length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

gboolean
cp_operate_remove(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *path = cp_host_module_path(host, step->args[0]);
    return unlink(path) == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'remove' of %s", step->args[0]);
}

gboolean
cp_operate_add(CpHost *host, const CpStep *step, GError **error)
{
    return put_file(host, step, error);
}

gboolean
cp_operate_replace(CpHost *host, const CpStep *step, GError **error)
{
    return put_file(host, step, error);
}

gboolean
cp_operate_overwrite(CpHost *host, const CpStep *step, GError **error)
{
    return with_file(host, step, O_RDWR, fill_with_zeros, error);
}

gboolean
cp_operate_truncate(CpHost *host, const CpStep *step, GError **error)
{
    return with_file(host, step, O_RDWR, cut_to_nothing, error);
}

gboolean
cp_operate_corrupt(CpHost *host, const CpStep *step, GError **error)
{
    return with_file(host, step, O_RDWR, damage_header, error);
}

gboolean
cp_operate_chmod(CpHost *host, const CpStep *step, GError **error)
{
    /* By name: the file may be there without leave to open it. */
    g_autofree char *path = cp_host_module_path(host, step->args[0]);
    return chmod(path, step->number) == 0 ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'chmod' of %s", step->args[0]);
}

gboolean
cp_operate_touch(CpHost *host, const CpStep *step, GError **error)
{
    return with_file(host, step, O_RDONLY, set_present_time, error);
}
