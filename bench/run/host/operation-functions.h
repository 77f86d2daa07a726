/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function for each operation, by its name: all of one shape, and listed by carry-out.c.
 */
#pragma once

#include "run/host/carry-out.h"

typedef gboolean CpOperate(CpHost *host, const CpStep *step, GError **error);

/* operations-on-modules.c */
CpOperate cp_operate_remove, cp_operate_add, cp_operate_replace, cp_operate_overwrite, cp_operate_truncate,
    cp_operate_corrupt, cp_operate_chmod, cp_operate_touch;

/* operations-on-directory.c */
CpOperate cp_operate_remove_all, cp_operate_touch_dir, cp_operate_rename_dir, cp_operate_swap_dir,
    cp_operate_symlink_dir, cp_operate_restore_dir;

/* operations-on-emulator-and-kvm.c */
CpOperate cp_operate_touch_emulator, cp_operate_kvm;

/* operations-on-cache.c */
CpOperate cp_operate_drop_cache, cp_operate_cut_cache, cp_operate_write_cache, cp_operate_edit_cache,
    cp_operate_readonly_cache, cp_operate_fill_cache;
