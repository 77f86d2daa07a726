/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on the module directory as a whole. Run in the sandbox's init. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/host/module-directory.h"
#include "run/host/operation-functions.h"
#include "run/host/state.h"

/* Turns the result of a system call on the module directory into ours. */
static gboolean
check(const CpHost *host, int result, GError **error)
{
    return result == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "%s", host->module_dir);
}

gboolean
cp_operate_REMOVE_ALL(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    g_auto(GStrv) names = cp_host_list(host->module_dir);
    if (!names)
        return check(host, -1, error);
    for (char **name = names; *name; name++) {
        g_autofree char *path = g_build_filename(host->module_dir, *name, NULL);
        cp_state_forget_content(host, path);
        if (!check(host, unlink(path), error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_operate_TOUCH_DIR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return check(host, utimensat(AT_FDCWD, host->module_dir, NULL, 0), error);
}

gboolean
cp_operate_AGE_DIR(CpHost *host, const CpStep *step, GError **error)
{
    struct stat st;
    if (stat(host->module_dir, &st) < 0)
        return check(host, -1, error);
    struct timespec times[] = { st.st_atim, st.st_mtim };
    times[1].tv_sec -= step->number / CP_NS_PER_S;
    /* It is no change that the directory's next second must follow. */
    return check(host, utimensat(AT_FDCWD, host->module_dir, times, 0), error) && (cp_module_dir_note(host), TRUE);
}

gboolean
cp_operate_RENAME_DIR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return check(host, rename(host->module_dir, host->away_dir), error);
}

gboolean
cp_operate_SWAP_DIR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return cp_module_dir_prepare(host, error) &&
           check(host, renameat2(AT_FDCWD, host->prepared_dir, AT_FDCWD, host->module_dir, RENAME_EXCHANGE), error);
}

gboolean
cp_operate_SYMLINK_DIR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    g_autofree char *target = g_path_get_basename(host->away_dir);
    return check(host, rename(host->module_dir, host->away_dir), error) &&
           check(host, symlink(target, host->module_dir), error);
}

gboolean
cp_operate_RESTORE_DIR(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return cp_module_dir_restore(host, error);
}
