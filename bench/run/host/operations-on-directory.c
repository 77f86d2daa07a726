/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on the module directory as a whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "run/host/operation-functions.h"

static gboolean
outcome(int result, const CpStep *step, GError **error)
{
    return result == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'%s'", step->operation->word);
}

gboolean
cp_operate_remove_all(CpHost *host, const CpStep *step, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(host->module_dir, 0, NULL);
    if (!dir)
        return outcome(-1, step, error);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(host->module_dir, name, NULL);
        if (unlink(path) < 0)
            return outcome(-1, step, error);
    }
    return TRUE;
}

gboolean
cp_operate_touch_dir(CpHost *host, const CpStep *step, GError **error)
{
    return outcome(utimensat(AT_FDCWD, host->module_dir, NULL, 0), step, error);
}

gboolean
cp_operate_rename_dir(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *away = g_strconcat(host->module_dir, ".away", NULL);
    return outcome(rename(host->module_dir, away), step, error);
}

gboolean
cp_operate_swap_dir(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *prepared = g_strconcat(host->module_dir, ".prepared", NULL);
    if (!g_file_test(prepared, G_FILE_TEST_IS_DIR) && !cp_host_copy_modules(prepared, error))
        return FALSE;
    return outcome(renameat2(AT_FDCWD, prepared, AT_FDCWD, host->module_dir, RENAME_EXCHANGE), step, error);
}

gboolean
cp_operate_symlink_dir(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *away = g_strconcat(host->module_dir, ".away", NULL);
    g_autofree char *name = g_path_get_basename(away);
    return outcome(rename(host->module_dir, away), step, error) &&
           outcome(symlink(name, host->module_dir), step, error);
}

gboolean
cp_operate_restore_dir(CpHost *host, const CpStep *step, GError **error)
{
    g_autofree char *away = g_strconcat(host->module_dir, ".away", NULL);
    struct stat st;

    if (lstat(host->module_dir, &st) == 0 && S_ISLNK(st.st_mode) && unlink(host->module_dir) < 0)
        return outcome(-1, step, error);
    if (g_file_test(away, G_FILE_TEST_IS_DIR))
        return outcome(rename(away, host->module_dir), step, error);
    return cp_host_copy_modules(host->module_dir, error);
}
