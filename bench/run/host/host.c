/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private host in the sandbox. Runs in the sandbox's init. */
#include "run/host/host.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/text.h"
#include "run/host/changes.h"
#include "run/host/emulator.h"
#include "run/host/host-facts.h"
#include "run/host/images.h"
#include "run/host/module-directory.h"
#include "run/sandbox/sandbox.h"

CpHost *
cp_host_new(const char *module_dir, const char *emulator, const char *query, CpKvm kvm)
{
    CpHost *host = g_new0(CpHost, 1);
    host->module_dir = g_strdup(module_dir);
    host->prepared_dir = g_strconcat(module_dir, ".prepared", NULL);
    host->away_dir = g_strconcat(module_dir, ".away", NULL);
    host->pristine_dir = g_strdup(CP_SANDBOX_HOST_MODULES);
    host->emulator = g_strdup(emulator);
    host->query = g_strdup(query);
    host->root = g_strdup(CP_SANDBOX_DIR "/root");
    host->cache_mount = g_build_filename(host->root, "cache", NULL);
    host->cache_dir = g_build_filename(host->cache_mount, "qemu", "capabilities", NULL);
    host->initial_kvm = kvm;
    host->modules_changed = TRUE;
    host->emulator_is_mounted = g_file_test(CP_SANDBOX_EMULATOR, G_FILE_TEST_EXISTS);
    host->emulator_is_private = TRUE;
    host->emulator_ctimes_s = g_array_new(FALSE, FALSE, sizeof(gint64));
    host->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    host->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    host->lasting_digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return host;
}

void
cp_host_free(CpHost *host)
{
    if (!host)
        return;
    g_free(host->module_dir);
    g_free(host->prepared_dir);
    g_free(host->away_dir);
    g_free(host->pristine_dir);
    g_free(host->emulator);
    g_free(host->query);
    g_free(host->root);
    g_free(host->libvirt);
    g_free(host->cache_mount);
    g_free(host->cache_dir);
    g_array_unref(host->emulator_ctimes_s);
    g_hash_table_unref(host->facts);
    g_free(host->changes);
    g_hash_table_unref(host->digests);
    g_hash_table_unref(host->lasting_digests);
    g_free(host);
}

void
cp_host_set_cache(CpHost *host, const char *mount, const char *dir)
{
    g_free(host->cache_mount);
    g_free(host->cache_dir);
    host->cache_mount = g_strdup(mount);
    host->cache_dir = g_strdup(dir);
}

GStrv
cp_host_list(const char *dir)
{
    g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
    if (!entries)
        return NULL;

    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const char *name; (name = g_dir_read_name(entries));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, cp_text_compare);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

gboolean
cp_host_remove_tree(const char *path, GError **error)
{
    char *const paths[] = { (char *)path, NULL };
    int reason = 0;
    dev_t device = 0;
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    for (FTSENT *entry; tree && reason == 0 && (entry = fts_read(tree));) {
        if (entry->fts_info == FTS_D) {
            /* What is mounted stays. A file of another device need not be: in an overlay it can have that of its layer. */
            if (entry->fts_level == 0)
                device = entry->fts_statp->st_dev;
            else if (entry->fts_statp->st_dev != device)
                fts_set(tree, entry, FTS_SKIP);
        } else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
            reason = entry->fts_errno == ENOENT ? 0 : entry->fts_errno;
        } else if (remove(entry->fts_accpath) < 0) {
            reason = errno;
        }
    }
    if (tree)
        fts_close(tree);
    errno = reason;
    return reason == 0 || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be removed", path);
}

gboolean
cp_host_forget_cache(CpHost *host, GError **error)
{
    umount2(host->cache_mount, MNT_DETACH);
    if (!cp_host_remove_tree(host->root, error))
        return FALSE;
    if (g_mkdir_with_parents(host->cache_mount, 0755) < 0 ||
        mount("capprobe", host->cache_mount, "tmpfs", 0, "mode=755,size=8m") < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", host->cache_mount);
    return TRUE;
}

/* Removes everything in `folder` but the entry `kept`, which may be NULL. */
static gboolean
empty_folder(const char *folder, const char *kept, GError **error)
{
    g_auto(GStrv) names = cp_host_list(folder);
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename(folder, *name, NULL);
        if (g_strcmp0(path, kept) != 0 && !cp_host_remove_tree(path, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_host_forget_volatile(CpHost *host, GError **error)
{
    g_autofree char *run = g_build_filename(host->root, "run", NULL);
    return empty_folder("/run", CP_SANDBOX_DIR, error) && empty_folder(CP_SANDBOX_TMP, NULL, error) &&
           empty_folder("/dev/shm", NULL, error) && empty_folder(run, NULL, error);
}

gboolean
cp_host_reset(CpHost *host, GError **error)
{
    cp_images_reset(host);
    if (!cp_emulator_reset(host, error) || !cp_host_facts_reset(host, error) || !cp_changes_reset(host, error) ||
        !cp_module_dir_reset(host, error) || !cp_host_forget_cache(host, error) ||
        !cp_kvm_set_up(host->initial_kvm, error))
        return FALSE;
    cp_emulator_note_read(host);
    return TRUE;
}
