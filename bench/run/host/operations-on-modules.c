/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on the file of one module. Run in the sandbox's init. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "run/host/module-directory.h"
#include "run/host/operation-functions.h"
#include "run/host/state.h"

/* Turns the result of a system call on the file `path` into ours. */
static gboolean
check(const char *path, int result, GError **error)
{
    return result == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "%s", path);
}

/* Writes the first bytes of the file of the step's module in place: `content`, or as many zeros as it has bytes. */
static gboolean
write_in_place(CpHost *host, const CpStep *step, const char *content, GError **error)
{
    g_autofree char *path = cp_module_path(host, step->args[0]);
    struct stat st;
    int fd = stat(path, &st) == 0 ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return check(path, -1, error);

    gsize length = content ? strlen(content) : (gsize)st.st_size;
    g_autofree char *zeros = content ? NULL : g_malloc0(length);
    cp_state_forget_content(host, path);
    gboolean done = check(path, pwrite(fd, content ? content : zeros, length, 0) == (gssize)length ? 0 : -1, error);
    close(fd);
    return done;
}

gboolean
cp_operate_REMOVE(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *path = cp_module_path(host, step->args[0]);
    cp_state_forget_content(host, path);
    return check(path, unlink(path), error);
}

gboolean
cp_operate_ADD(CpHost *host, const CpStep *step, GError **error)
{
    return cp_module_put(host, step->args[0], NULL, error);
}

gboolean
cp_operate_REPLACE(CpHost *host, const CpStep *step, GError **error)
{
    return cp_module_put(host, step->args[0], step->content, error);
}

gboolean
cp_operate_OVERWRITE(CpHost *host, const CpStep *step, GError **error)
{
    return write_in_place(host, step, NULL, error);
}

gboolean
cp_operate_TRUNCATE(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *path = cp_module_path(host, step->args[0]);
    cp_state_forget_content(host, path);
    return check(path, truncate(path, 0), error);
}

gboolean
cp_operate_CORRUPT(CpHost *host, const CpStep *step, GError **error)
{
    return write_in_place(host, step, "not ELF", error);
}

gboolean
cp_operate_CHMOD(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *path = cp_module_path(host, step->args[0]);
    return check(path, chmod(path, step->number), error);
}

gboolean
cp_operate_TOUCH(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *path = cp_module_path(host, step->args[0]);
    return check(path, utimensat(AT_FDCWD, path, NULL, 0), error);
}
