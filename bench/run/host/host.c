/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/sandbox.h"

/* 2020-01-01: `clock step` counts its seconds from here, so that no stamp is ever the present time. */
#define CLOCK_START_S G_GINT64_CONSTANT(1577836800)

typedef struct {
    struct stat st;
    char *digest;
} Memo;

static void
memo_free(gpointer data)
{
    Memo *memo = data;
    g_free(memo->digest);
    g_free(memo);
}

CpHost *
cp_host_new(const char *module_dir, const char *emulator, const char *query, CpKvm kvm)
{
    CpHost *host = g_new0(CpHost, 1);
    host->module_dir = g_strdup(module_dir);
    host->emulator = g_strdup(emulator);
    host->query = g_strdup(query);
    host->root = g_strdup(CP_SANDBOX_DIR "/root");
    host->cache_mount = g_build_filename(host->root, "cache", NULL);
    host->cache_dir = g_build_filename(host->cache_mount, "qemu", "capabilities", NULL);
    host->initial_kvm = kvm;
    host->modules_disturbed = TRUE;
    host->emulator_is_private = TRUE;
    host->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, memo_free);
    return host;
}

void
cp_host_free(CpHost *host)
{
    if (!host)
        return;
    g_free(host->module_dir);
    g_free(host->emulator);
    g_free(host->query);
    g_free(host->root);
    g_free(host->cache_mount);
    g_free(host->cache_dir);
    g_hash_table_unref(host->digests);
    g_free(host);
}

char *
cp_host_module_path(const CpHost *host, const char *module)
{
    return g_strdup_printf("%s/%s.so", host->module_dir, module);
}

char *
cp_host_pristine_path(const char *module)
{
    return g_strdup_printf(CP_SANDBOX_HOST_MODULES "/%s.so", module);
}

static int
remove_entry(const char *path,
             const struct stat *st G_GNUC_UNUSED,
             int type G_GNUC_UNUSED,
             struct FTW *ftw G_GNUC_UNUSED)
{
    return remove(path);
}

gboolean
cp_host_remove_tree(const char *path, GError **error)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0 && errno != ENOENT)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be removed", path);
    return TRUE;
}

gboolean
cp_host_copy_modules(const char *dir, GError **error)
{
    if (g_mkdir_with_parents(dir, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", dir);

    g_autoptr(GDir) pristine = g_dir_open(CP_SANDBOX_HOST_MODULES, 0, NULL);
    for (const char *name; pristine && (name = g_dir_read_name(pristine));) {
        g_autofree char *from = g_build_filename(CP_SANDBOX_HOST_MODULES, name, NULL);
        g_autofree char *to = g_build_filename(dir, name, NULL);
        g_autofree char *content = NULL;
        gsize length;
        struct stat st;
        if (stat(from, &st) < 0 || !S_ISREG(st.st_mode))
            continue;
        if (!g_file_get_contents(from, &content, &length, error) ||
            !g_file_set_contents_full(to, content, length, G_FILE_SET_CONTENTS_NONE, st.st_mode & 0777, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
reset_modules(CpHost *host, GError **error)
{
    static const char *const suffixes[] = { "", ".away", ".prepared" };
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strconcat(host->module_dir, suffixes[i], NULL);
        if (!cp_host_remove_tree(path, error))
            return FALSE;
    }
    g_hash_table_remove_all(host->digests);
    host->modules_disturbed = FALSE;
    return !g_file_test(CP_SANDBOX_HOST_MODULES, G_FILE_TEST_IS_DIR) || cp_host_copy_modules(host->module_dir, error);
}

static gboolean
reset_emulator(CpHost *host, GError **error)
{
    if (host->emulator_is_private)
        return TRUE;
    host->emulator_is_private = TRUE;
    return umount2(host->emulator, MNT_DETACH) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be unmounted", host->emulator);
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

gboolean
cp_host_set_kvm(CpHost *host, CpKvm kvm, GError **error)
{
    const char *node = "/dev/kvm";
    struct stat st;

    while (umount2(node, MNT_DETACH) == 0)
        ;
    unlink(node);
    host->kvm = kvm;
    if (kvm == CP_KVM_OFF)
        return TRUE;
    if (stat(CP_SANDBOX_HOST_KVM, &st) < 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "the host has no /dev/kvm");
        return FALSE;
    }

    mode_t mode = kvm == CP_KVM_ON ? 0666 : kvm == CP_KVM_ROOT_ONLY ? 0600 : st.st_mode & 0777;
    if (geteuid() == 0 && mknod(node, S_IFCHR, st.st_rdev) == 0)
        return (chmod(node, mode) == 0 && chown(node, st.st_uid, st.st_gid) == 0) ||
               cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", node);

    if (kvm == CP_KVM_ROOT_ONLY) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "'kvm root-only' needs root");
        return FALSE;
    }
    return g_file_set_contents(node, "", 0, error) && cp_sandbox_bind(CP_SANDBOX_HOST_KVM, node, error);
}

void
cp_host_stamp(const CpHost *host)
{
    struct timespec times[] = { { .tv_sec = host->clock_s }, { .tv_sec = host->clock_s } };
    utimensat(AT_FDCWD, host->module_dir, times, 0);
}

gboolean
cp_host_reset(CpHost *host, GError **error)
{
    if ((host->modules_disturbed && !reset_modules(host, error)) || !reset_emulator(host, error) ||
        !cp_host_forget_cache(host, error) || !cp_host_set_kvm(host, host->initial_kvm, error))
        return FALSE;
    host->kernel_clock = FALSE;
    host->clock_s = CLOCK_START_S;
    cp_host_stamp(host);
    return TRUE;
}

static gboolean
same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static const char *
file_digest(CpHost *host, const char *path, const struct stat *st)
{
    Memo *memo = g_hash_table_lookup(host->digests, path);
    if (memo && same_file(&memo->st, st))
        return memo->digest;

    g_autofree char *content = NULL;
    gsize length = 0;
    g_file_get_contents(path, &content, &length, NULL);
    memo = g_new0(Memo, 1);
    memo->st = *st;
    memo->digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, length);
    g_hash_table_replace(host->digests, g_strdup(path), memo);
    return memo->digest;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A line for each module file: what of it can change what an emulator says. */
static void
describe_modules(CpHost *host, GString *text)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(host->module_dir, 0, NULL);
    g_string_append_printf(text, "modules %s %s\n", host->module_dir, dir ? "are there" : "are gone");

    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(host->module_dir, name, NULL);
        struct stat st;
        if (stat(path, &st) == 0)
            g_ptr_array_add(lines,
                            g_strdup_printf("%s %o %s\n", name, st.st_mode & 07777, file_digest(host, path, &st)));
    }
    g_ptr_array_sort(lines, compare_names);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(text, lines->pdata[i]);
}

char *
cp_host_state(CpHost *host)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct stat emulator = { 0 }, kvm = { 0 };

    stat(host->emulator, &emulator);
    stat("/dev/kvm", &kvm);
    g_string_append_printf(text, "emulator %s %jd\nkvm %o\nquery %s\n", host->emulator, (intmax_t)emulator.st_size,
                           kvm.st_mode, host->query);
    describe_modules(host, text);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, text->len);
}
