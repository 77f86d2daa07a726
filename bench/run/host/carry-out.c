/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/host/carry-out.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "run/host/operation-functions.h"

static CpOperate *const operations[CP_OP_LAST] = {
    [CP_OP_REMOVE] = cp_operate_remove,
    [CP_OP_ADD] = cp_operate_add,
    [CP_OP_REPLACE] = cp_operate_replace,
    [CP_OP_OVERWRITE] = cp_operate_overwrite,
    [CP_OP_TRUNCATE] = cp_operate_truncate,
    [CP_OP_CORRUPT] = cp_operate_corrupt,
    [CP_OP_CHMOD] = cp_operate_chmod,
    [CP_OP_TOUCH] = cp_operate_touch,
    [CP_OP_REMOVE_ALL] = cp_operate_remove_all,
    [CP_OP_TOUCH_DIR] = cp_operate_touch_dir,
    [CP_OP_RENAME_DIR] = cp_operate_rename_dir,
    [CP_OP_SWAP_DIR] = cp_operate_swap_dir,
    [CP_OP_SYMLINK_DIR] = cp_operate_symlink_dir,
    [CP_OP_RESTORE_DIR] = cp_operate_restore_dir,
    [CP_OP_TOUCH_EMULATOR] = cp_operate_touch_emulator,
    [CP_OP_KVM] = cp_operate_kvm,
    [CP_OP_DROP_CACHE] = cp_operate_drop_cache,
    [CP_OP_CUT_CACHE] = cp_operate_cut_cache,
    [CP_OP_WRITE_CACHE] = cp_operate_write_cache,
    [CP_OP_EDIT_CACHE] = cp_operate_edit_cache,
    [CP_OP_READONLY_CACHE] = cp_operate_readonly_cache,
    [CP_OP_FILL_CACHE] = cp_operate_fill_cache,
};

static gboolean
dir_changed(const struct stat *before, const struct stat *after)
{
    return before->st_ino != after->st_ino || before->st_mtim.tv_sec != after->st_mtim.tv_sec ||
           before->st_mtim.tv_nsec != after->st_mtim.tv_nsec;
}

gboolean
cp_operate(CpHost *host, const CpStep *step, GError **error)
{
    struct stat before = { 0 }, after = { 0 };
    const char *module = cp_step_module(step, NULL);

    stat(host->module_dir, &before);
    host->modules_disturbed |= step->operation->effect == CP_EFFECT_MODULES;
    if (!operations[step->operation->op](host, step, error))
        return FALSE;

    if (module) {
        /* Its times alone cannot tell: two writes may fall into one tick of the kernel's clock. */
        g_autofree char *path = cp_host_module_path(host, module);
        g_hash_table_remove(host->digests, path);
    }
    if (!host->kernel_clock && stat(host->module_dir, &after) == 0 && dir_changed(&before, &after)) {
        host->clock_s++;
        cp_host_stamp(host);
    }
    return TRUE;
}

gboolean
cp_operate_save_times(const CpHost *host, struct timespec times[2])
{
    struct stat st;
    if (stat(host->module_dir, &st) < 0)
        return FALSE;
    times[0] = st.st_atim;
    times[1] = st.st_mtim;
    return TRUE;
}

void
cp_operate_restore_times(const CpHost *host, const struct timespec times[2])
{
    utimensat(AT_FDCWD, host->module_dir, times, 0);
}
